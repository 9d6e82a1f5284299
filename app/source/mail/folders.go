package mail

import (
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"fernpost/store/desk"
)

const inboxName = "INBOX"

// folder is a mailbox that is brought in, in the order of the list: what a
// customer may have written first, junk last.
type folder struct {
	name string
	role desk.FolderRole
}

// usualNames are what servers without SPECIAL-USE (RFC 6154) call them, in the
// languages their makers chose. Compared without case, by the last part.
var usualNames = map[desk.FolderRole][]string{
	desk.RoleSent: {
		"Sent", "Sent Items", "Sent Messages", "Sent Mail", "Gesendet", "Gesendete Elemente",
		"Gesendete Objekte", "Envoyés", "Éléments envoyés", "Messages envoyés", "Enviados",
		"Elementos enviados", "Itens Enviados", "Posta inviata", "Inviata", "Verzonden",
		"Verzonden items", "Wysłane", "Elementy wysłane", "Отправленные", "Надіслані",
		"Odeslaná pošta", "Skickat", "Sendt", "Lähetetyt", "Gönderilmiş Öğeler", "送信済み",
		"送信済みアイテム", "已发送", "已发送邮件", "寄件備份", "보낸편지함", "보낸 편지함",
	},
	desk.RoleJunk: {
		"Junk", "Spam", "Junk E-mail", "Junk Email", "Junk Mail", "Bulk Mail", "Junk-E-Mail",
		"Spamverdacht", "Courrier indésirable", "Indésirables", "Correo no deseado",
		"Lixo Eletrônico", "Posta indesiderata", "Ongewenste e-mail", "Wiadomości-śmieci",
		"Спам", "Нежелательная почта", "Nevyžádaná pošta", "Skräppost", "Roskaposti",
		"迷惑メール", "垃圾邮件", "垃圾郵件", "스팸메일함", "정크 메일",
	},
}

func (l *line) askFolders() *imapclient.ListCommand {
	var opts *imap.ListOptions
	if l.caps.Has(imap.CapSpecialUse) && l.caps.Has(imap.CapListExtended) {
		opts = &imap.ListOptions{ReturnSpecialUse: true}
	}
	return l.c.List("", "*", opts)
}

// listNames gives the folders that may be brought in beside those that always are.
func (l *line) listNames(set Settings) ([]string, error) {
	names := []string{}
	all, err := l.usableFolders(l.askFolders())
	set.Folders = nil
	always := pickFolders(all, set)
	for _, d := range all {
		if !slices.ContainsFunc(always, func(f folder) bool { return f.name == d.Mailbox }) {
			names = append(names, d.Mailbox)
		}
	}
	return names, err
}

// readFolders picks the folders to bring in of what the server lists.
func (l *line) readFolders(cmd *imapclient.ListCommand, set Settings) ([]folder, error) {
	all, err := l.usableFolders(cmd)
	if err != nil {
		return nil, err
	}
	return pickFolders(all, set), nil
}

func (l *line) usableFolders(cmd *imapclient.ListCommand) (all []*imap.ListData, err error) {
	for d := cmd.Next(); d != nil; d = cmd.Next() {
		if usable(d) {
			all = append(all, d)
		}
	}
	return all, l.fail("list mail folders", cmd.Close())
}

// usable tells of a folder that can be opened.
func usable(d *imap.ListData) bool {
	return !slices.Contains(d.Attrs, imap.MailboxAttrNoSelect) && !slices.Contains(d.Attrs, imap.MailboxAttrNonExistent)
}

func pickFolders(all []*imap.ListData, set Settings) []folder {
	found := []folder{{inboxName, desk.RoleInbox}}
	add := func(name string, role desk.FolderRole) {
		taken := slices.ContainsFunc(found, func(f folder) bool { return f.name == name })
		if name != "" && !taken {
			found = append(found, folder{name, role})
		}
	}
	add(roleFolder(all, desk.RoleSent, imap.MailboxAttrSent, set.Sent), desk.RoleSent)
	for _, name := range set.Folders {
		if slices.ContainsFunc(all, func(d *imap.ListData) bool { return d.Mailbox == name }) {
			add(name, desk.RoleOther)
		}
	}
	add(roleFolder(all, desk.RoleJunk, imap.MailboxAttrJunk, set.Junk), desk.RoleJunk)
	return found
}

// roleFolder finds a folder by the person's choice, the server's mark, or name.
func roleFolder(all []*imap.ListData, role desk.FolderRole, attr imap.MailboxAttr, chosen string) string {
	var marked, named string
	for _, d := range all {
		if chosen != "" && d.Mailbox == chosen {
			return chosen
		}
		if marked == "" && slices.Contains(d.Attrs, attr) {
			marked = d.Mailbox
		}
		if named == "" && slices.ContainsFunc(usualNames[role], func(n string) bool {
			return strings.EqualFold(n, lastPart(d))
		}) {
			named = d.Mailbox
		}
	}
	if marked != "" {
		return marked
	}
	return named
}

func lastPart(d *imap.ListData) string {
	if d.Delim == 0 {
		return d.Mailbox
	}
	return d.Mailbox[strings.LastIndex(d.Mailbox, string(d.Delim))+1:]
}

// byRole gives the first folder of a role, "" when there is none.
func (l *line) byRole(role desk.FolderRole) string {
	for _, f := range l.folders {
		if f.role == role {
			return f.name
		}
	}
	return ""
}
