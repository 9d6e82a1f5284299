"""Reads mails with Python's own parser and says, a JSON line each, what they hold."""

import email
import email.policy
import hashlib
import json
import sys

for path in sys.argv[1:]:
    with open(path, "rb") as f:
        raw = f.read()
    if raw.isascii():
        mail = email.message_from_bytes(raw, policy=email.policy.default)
    else:  # headers in UTF-8 (RFC 6532)
        mail = email.message_from_string(raw.decode("utf-8"), policy=email.policy.default)
    plain, rich = mail.get_body(("plain",)), mail.get_body(("html",))
    files = []
    defects = [str(d) for part in mail.walk() for d in part.defects]
    for part in mail.walk():
        if part.is_multipart() or part in (plain, rich):
            continue
        files.append({
            "name": part.get_filename() or "",
            "type": part.get_content_type(),
            "disposition": part.get_content_disposition() or "",
            "cid": (part["Content-ID"] or "").strip().strip("<>"),
            "sha": hashlib.sha256(part.get_payload(decode=True)).hexdigest(),
        })
    people = lambda name: [[a.display_name, a.addr_spec] for a in mail[name].addresses] if mail[name] else []
    print(json.dumps({
        "subject": str(mail["Subject"]),
        "from": people("From"), "to": people("To"), "cc": people("Cc"), "reply_to": people("Reply-To"),
        "date": mail["Date"].datetime.isoformat(),
        "language": mail["Content-Language"] or "",
        "references": str(mail["References"] or "").split(),
        "text": plain.get_content() if plain else "",
        "flowed": bool(plain) and plain.get_param("format") == "flowed",
        "html": rich.get_content() if rich else "",
        "files": files,
        "defects": defects,
    }))
