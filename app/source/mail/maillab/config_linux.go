package maillab

import "path/filepath"

func (h *house) startDovecot() {
	h.t.Helper()
	h.write("dovecot.conf", h.fill(dovecotConf))
	h.run([]string{"dovecot.log"}, []int{h.imap, h.imaps, h.lmtp},
		"dovecot", "-F", "-c", filepath.Join(h.dir, "dovecot.conf"))
}

func (h *house) startExim() {
	h.t.Helper()
	h.write("exim.conf", h.fill(eximConf))
	h.run([]string{"log/mainlog", "log/paniclog"}, []int{h.smtp, h.smtps},
		"exim4", "-C", filepath.Join(h.dir, "exim.conf"), "-bdf", "-q30s")
}

// dovecotConf runs Dovecot 2.3 with no right of its own: every user it would
// change to is the one it runs as.
const dovecotConf = `
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 0
first_valid_gid = 0
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{dir}/tls/cert.pem
ssl_key = <{dir}/tls/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_max_userip_connections = 100
mail_location = maildir:~/Maildir:INDEX=~/index:CONTROL=~/control
mail_fsync = never
passdb {
  driver = static
  args = password={password}
}
userdb {
  driver = static
  args = uid={uid} gid={gid} home={dir}/home/%u allow_all_users=yes
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    special_use = \Sent
    auto = subscribe
  }
  mailbox Junk {
    special_use = \Junk
    auto = subscribe
  }
}
protocol imap {
  mail_plugins = imap_zlib
}
protocol lmtp {
  postmaster_address = postmaster@example.test
}
service imap-login {
  chroot =
  # One process for all, or no session of TLS could be resumed.
  service_count = 0
  inet_listener imap {
    port = {imap}
  }
  inet_listener imaps {
    port = {imaps}
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    port = {lmtp}
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`

// eximConf runs Exim 4 as a submission server that signs people in, delivers to
// Dovecot, and refuses, defers and bounces where its callers ask for it by name.
const eximConf = `
exim_user = {user}
exim_group = {group}
spool_directory = {dir}/spool
log_file_path = {dir}/log/%slog
pid_file_path = {dir}/exim.pid
primary_hostname = mx.example.test
daemon_smtp_ports = {smtp} : {smtps}
tls_on_connect_ports = {smtps}
local_interfaces = 127.0.0.1
tls_advertise_hosts = *
tls_certificate = {dir}/tls/cert.pem
tls_privatekey = {dir}/tls/key.pem
deliver_drop_privilege = true
never_users =
keep_environment =
rfc1413_query_timeout = 0s
smtputf8_advertise_hosts = *
message_size_limit = 50M
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data
begin acl
acl_rcpt:
  deny local_parts = refused
    message = no mailbox <$local_part@$domain> here
  defer local_parts = later
    message = try again later
  accept domains = example.test
    authenticated = *
  deny message = relay not permitted
acl_data:
  accept
begin routers
# Taken at the door, and given back: what a bounce is made of.
gone:
  driver = redirect
  domains = example.test
  local_parts = gone
  allow_fail
  data = :fail: 550 5.1.1 no mailbox of that name
local:
  driver = accept
  domains = example.test
  transport = lmtp_dovecot
begin transports
lmtp_dovecot:
  driver = smtp
  protocol = lmtp
  hosts = 127.0.0.1
  hosts_override = true
  allow_localhost = true
  port = {lmtp}
begin retry
*  *  F,1h,2s
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if eq{$auth3}{{password}}}
  server_set_id = $auth2
`
