export namespace app {
	
	export class AccountView {
	    id: string;
	    name: string;
	    address: string;
	    kind: string;
	    state: string;
	    line: string;
	    answeredAt: number;
	    lostAt: number;
	    retryAt: number;
	    problem: string;
	    importing: boolean;
	    budget: number;
	    used: number;
	    spent: boolean;
	    textOnly: boolean;
	    horizon: number;
	    reach: number;
	    toGo: number;
	    alerts: string[];
	
	    static createFrom(source: any = {}) {
	        return new AccountView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.address = source["address"];
	        this.kind = source["kind"];
	        this.state = source["state"];
	        this.line = source["line"];
	        this.answeredAt = source["answeredAt"];
	        this.lostAt = source["lostAt"];
	        this.retryAt = source["retryAt"];
	        this.problem = source["problem"];
	        this.importing = source["importing"];
	        this.budget = source["budget"];
	        this.used = source["used"];
	        this.spent = source["spent"];
	        this.textOnly = source["textOnly"];
	        this.horizon = source["horizon"];
	        this.reach = source["reach"];
	        this.toGo = source["toGo"];
	        this.alerts = source["alerts"];
	    }
	}
	export class ArrangementView {
	    id: string;
	    conversation: string;
	
	    static createFrom(source: any = {}) {
	        return new ArrangementView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.conversation = source["conversation"];
	    }
	}
	export class AskedView {
	    way: string;
	    whom: string;
	    answer: string;
	
	    static createFrom(source: any = {}) {
	        return new AskedView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.way = source["way"];
	        this.whom = source["whom"];
	        this.answer = source["answer"];
	    }
	}
	export class DraftFileView {
	    id: string;
	    name: string;
	    type: string;
	    size: number;
	    was: number;
	    have: number;
	    picture: boolean;
	    inline: boolean;
	    risky: boolean;
	    upload: string;
	    original: string;
	
	    static createFrom(source: any = {}) {
	        return new DraftFileView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.type = source["type"];
	        this.size = source["size"];
	        this.was = source["was"];
	        this.have = source["have"];
	        this.picture = source["picture"];
	        this.inline = source["inline"];
	        this.risky = source["risky"];
	        this.upload = source["upload"];
	        this.original = source["original"];
	    }
	}
	export class DraftView {
	    id: string;
	    conversation: string;
	    identity: string;
	    to: Person[];
	    cc: Person[];
	    bcc: Person[];
	    subject: string;
	    text: string;
	    rich: string;
	    quotes: string;
	    passesOn: boolean;
	    base: string;
	    revision: number;
	    savedAt: number;
	    files: DraftFileView[];
	
	    static createFrom(source: any = {}) {
	        return new DraftView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.conversation = source["conversation"];
	        this.identity = source["identity"];
	        this.to = this.convertValues(source["to"], Person);
	        this.cc = this.convertValues(source["cc"], Person);
	        this.bcc = this.convertValues(source["bcc"], Person);
	        this.subject = source["subject"];
	        this.text = source["text"];
	        this.rich = source["rich"];
	        this.quotes = source["quotes"];
	        this.passesOn = source["passesOn"];
	        this.base = source["base"];
	        this.revision = source["revision"];
	        this.savedAt = source["savedAt"];
	        this.files = this.convertValues(source["files"], DraftFileView);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class SentFileView {
	    name: string;
	    type: string;
	    size: number;
	
	    static createFrom(source: any = {}) {
	        return new SentFileView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.type = source["type"];
	        this.size = source["size"];
	    }
	}
	export class OpView {
	    id: string;
	    account: string;
	    conversation: string;
	    kind: string;
	    state: string;
	    reason: string;
	    detail: string;
	    to: Person;
	    subject: string;
	    text: string;
	    language: string;
	    createdAt: number;
	    changedAt: number;
	    undoUntil: number;
	    nextAt: number;
	    sendAt: number;
	    until: number;
	    attempts: number;
	    looks: number;
	    maxLooks: number;
	    bytes: number;
	    done: number;
	    final: boolean;
	    waits: string;
	    copy: string;
	    files: SentFileView[];
	    new: MessageView[];
	    deliveries: DeliveryView[];
	
	    static createFrom(source: any = {}) {
	        return new OpView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.account = source["account"];
	        this.conversation = source["conversation"];
	        this.kind = source["kind"];
	        this.state = source["state"];
	        this.reason = source["reason"];
	        this.detail = source["detail"];
	        this.to = this.convertValues(source["to"], Person);
	        this.subject = source["subject"];
	        this.text = source["text"];
	        this.language = source["language"];
	        this.createdAt = source["createdAt"];
	        this.changedAt = source["changedAt"];
	        this.undoUntil = source["undoUntil"];
	        this.nextAt = source["nextAt"];
	        this.sendAt = source["sendAt"];
	        this.until = source["until"];
	        this.attempts = source["attempts"];
	        this.looks = source["looks"];
	        this.maxLooks = source["maxLooks"];
	        this.bytes = source["bytes"];
	        this.done = source["done"];
	        this.final = source["final"];
	        this.waits = source["waits"];
	        this.copy = source["copy"];
	        this.files = this.convertValues(source["files"], SentFileView);
	        this.new = this.convertValues(source["new"], MessageView);
	        this.deliveries = this.convertValues(source["deliveries"], DeliveryView);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class DeliveryView {
	    recipient: string;
	    action: string;
	    reason: string;
	    said: string;
	    server: string;
	    at: number;
	    report: string;
	
	    static createFrom(source: any = {}) {
	        return new DeliveryView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.recipient = source["recipient"];
	        this.action = source["action"];
	        this.reason = source["reason"];
	        this.said = source["said"];
	        this.server = source["server"];
	        this.at = source["at"];
	        this.report = source["report"];
	    }
	}
	export class InsideView {
	    id: string;
	    name: string;
	    type: string;
	    size: number;
	    risky: boolean;
	
	    static createFrom(source: any = {}) {
	        return new InsideView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.type = source["type"];
	        this.size = source["size"];
	        this.risky = source["risky"];
	    }
	}
	export class FileView {
	    id: string;
	    name: string;
	    type: string;
	    size: number;
	    have: number;
	    inline: boolean;
	    risky: boolean;
	    packed: boolean;
	    inside: InsideView[];
	
	    static createFrom(source: any = {}) {
	        return new FileView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.type = source["type"];
	        this.size = source["size"];
	        this.have = source["have"];
	        this.inline = source["inline"];
	        this.risky = source["risky"];
	        this.packed = source["packed"];
	        this.inside = this.convertValues(source["inside"], InsideView);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class MessageView {
	    id: string;
	    direction: string;
	    kind: string;
	    from: Person;
	    to: Person[];
	    cc: Person[];
	    replyTo: Person[];
	    at: number;
	    subject: string;
	    language: string;
	    text: string;
	    quoted: string;
	    forwarded: boolean;
	    html: string;
	    textState: string;
	    seen: boolean;
	    files: FileView[];
	    warnings: string[];
	    mine: boolean;
	    customer: Person;
	    via: string;
	    marks: string[];
	    deliveries: DeliveryView[];
	
	    static createFrom(source: any = {}) {
	        return new MessageView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.direction = source["direction"];
	        this.kind = source["kind"];
	        this.from = this.convertValues(source["from"], Person);
	        this.to = this.convertValues(source["to"], Person);
	        this.cc = this.convertValues(source["cc"], Person);
	        this.replyTo = this.convertValues(source["replyTo"], Person);
	        this.at = source["at"];
	        this.subject = source["subject"];
	        this.language = source["language"];
	        this.text = source["text"];
	        this.quoted = source["quoted"];
	        this.forwarded = source["forwarded"];
	        this.html = source["html"];
	        this.textState = source["textState"];
	        this.seen = source["seen"];
	        this.files = this.convertValues(source["files"], FileView);
	        this.warnings = source["warnings"];
	        this.mine = source["mine"];
	        this.customer = this.convertValues(source["customer"], Person);
	        this.via = source["via"];
	        this.marks = source["marks"];
	        this.deliveries = this.convertValues(source["deliveries"], DeliveryView);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Person {
	    name: string;
	    address: string;
	
	    static createFrom(source: any = {}) {
	        return new Person(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.name = source["name"];
	        this.address = source["address"];
	    }
	}
	export class Row {
	    id: string;
	    account: string;
	    customer: Person;
	    subject: string;
	    preview: string;
	    language: string;
	    status: string;
	    snoozedUntil: number;
	    lastAt: number;
	    waitingSince: number;
	    messages: number;
	    unread: number;
	    files: number;
	    mark: string;
	
	    static createFrom(source: any = {}) {
	        return new Row(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.account = source["account"];
	        this.customer = this.convertValues(source["customer"], Person);
	        this.subject = source["subject"];
	        this.preview = source["preview"];
	        this.language = source["language"];
	        this.status = source["status"];
	        this.snoozedUntil = source["snoozedUntil"];
	        this.lastAt = source["lastAt"];
	        this.waitingSince = source["waitingSince"];
	        this.messages = source["messages"];
	        this.unread = source["unread"];
	        this.files = source["files"];
	        this.mark = source["mark"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class ConversationView {
	    row: Row;
	    labels: string[];
	    messages: MessageView[];
	    outgoing: OpView[];
	    draft: DraftView;
	    account: string;
	
	    static createFrom(source: any = {}) {
	        return new ConversationView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.row = this.convertValues(source["row"], Row);
	        this.labels = source["labels"];
	        this.messages = this.convertValues(source["messages"], MessageView);
	        this.outgoing = this.convertValues(source["outgoing"], OpView);
	        this.draft = this.convertValues(source["draft"], DraftView);
	        this.account = source["account"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class Counts {
	    inbox: number;
	    unread: number;
	    waiting: number;
	    snoozed: number;
	    done: number;
	    drafts: number;
	    outbox: number;
	    needYou: number;
	
	    static createFrom(source: any = {}) {
	        return new Counts(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.inbox = source["inbox"];
	        this.unread = source["unread"];
	        this.waiting = source["waiting"];
	        this.snoozed = source["snoozed"];
	        this.done = source["done"];
	        this.drafts = source["drafts"];
	        this.outbox = source["outbox"];
	        this.needYou = source["needYou"];
	    }
	}
	
	
	
	export class ExportView {
	    folder: string;
	    replies: number;
	
	    static createFrom(source: any = {}) {
	        return new ExportView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.folder = source["folder"];
	        this.replies = source["replies"];
	    }
	}
	
	export class ServerView {
	    host: string;
	    port: number;
	    tls: string;
	
	    static createFrom(source: any = {}) {
	        return new ServerView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.host = source["host"];
	        this.port = source["port"];
	        this.tls = source["tls"];
	    }
	}
	export class MailboxSetup {
	    address: string;
	    name: string;
	    username: string;
	    smtpUsername: string;
	    imap: ServerView;
	    smtp: ServerView;
	    signIn: string;
	    client: string;
	    tenant: string;
	    mechanism: string;
	    authServ: string;
	    horizon: number;
	    folders: string[];
	
	    static createFrom(source: any = {}) {
	        return new MailboxSetup(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.address = source["address"];
	        this.name = source["name"];
	        this.username = source["username"];
	        this.smtpUsername = source["smtpUsername"];
	        this.imap = this.convertValues(source["imap"], ServerView);
	        this.smtp = this.convertValues(source["smtp"], ServerView);
	        this.signIn = source["signIn"];
	        this.client = source["client"];
	        this.tenant = source["tenant"];
	        this.mechanism = source["mechanism"];
	        this.authServ = source["authServ"];
	        this.horizon = source["horizon"];
	        this.folders = source["folders"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class FoundView {
	    way: string;
	    provider: string;
	    source: string;
	    setup: MailboxSetup;
	    elsewhere: boolean;
	    marks: string[];
	    asked: AskedView[];
	    checks: string[];
	
	    static createFrom(source: any = {}) {
	        return new FoundView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.way = source["way"];
	        this.provider = source["provider"];
	        this.source = source["source"];
	        this.setup = this.convertValues(source["setup"], MailboxSetup);
	        this.elsewhere = source["elsewhere"];
	        this.marks = source["marks"];
	        this.asked = this.convertValues(source["asked"], AskedView);
	        this.checks = source["checks"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class HarmView {
	    what: string;
	    at: number;
	    drafts: number;
	    replies: number;
	    looked: number;
	    broken: boolean;
	    files: number;
	    aside: string;
	
	    static createFrom(source: any = {}) {
	        return new HarmView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.what = source["what"];
	        this.at = source["at"];
	        this.drafts = source["drafts"];
	        this.replies = source["replies"];
	        this.looked = source["looked"];
	        this.broken = source["broken"];
	        this.files = source["files"];
	        this.aside = source["aside"];
	    }
	}
	export class HitView {
	    message: string;
	    row: Row;
	    snippet: string;
	    at: number;
	    server: boolean;
	
	    static createFrom(source: any = {}) {
	        return new HitView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.message = source["message"];
	        this.row = this.convertValues(source["row"], Row);
	        this.snippet = source["snippet"];
	        this.at = source["at"];
	        this.server = source["server"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class SignatureView {
	    language: string;
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new SignatureView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.language = source["language"];
	        this.text = source["text"];
	    }
	}
	export class IdentityView {
	    id: string;
	    name: string;
	    address: string;
	    signatures: SignatureView[];
	
	    static createFrom(source: any = {}) {
	        return new IdentityView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.name = source["name"];
	        this.address = source["address"];
	        this.signatures = this.convertValues(source["signatures"], SignatureView);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	export class LeavingView {
	    replies: number;
	    later: number;
	    first: number;
	    ending: boolean;
	
	    static createFrom(source: any = {}) {
	        return new LeavingView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.replies = source["replies"];
	        this.later = source["later"];
	        this.first = source["first"];
	        this.ending = source["ending"];
	    }
	}
	export class LineBytes {
	    replies: number;
	    text: number;
	    looking: number;
	    files: number;
	    total: number;
	    budget: number;
	    counted: number;
	
	    static createFrom(source: any = {}) {
	        return new LineBytes(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.replies = source["replies"];
	        this.text = source["text"];
	        this.looking = source["looking"];
	        this.files = source["files"];
	        this.total = source["total"];
	        this.budget = source["budget"];
	        this.counted = source["counted"];
	    }
	}
	export class LineStroke {
	    from: number;
	    to: number;
	    answered: boolean;
	
	    static createFrom(source: any = {}) {
	        return new LineStroke(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.from = source["from"];
	        this.to = source["to"];
	        this.answered = source["answered"];
	    }
	}
	export class LineView {
	    accounts: AccountView[];
	    waiting: number;
	    needYou: number;
	    bytes: LineBytes;
	    practice: string;
	    dayStart: number;
	    strokes: LineStroke[];
	    sentTicks: number[];
	
	    static createFrom(source: any = {}) {
	        return new LineView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.accounts = this.convertValues(source["accounts"], AccountView);
	        this.waiting = source["waiting"];
	        this.needYou = source["needYou"];
	        this.bytes = this.convertValues(source["bytes"], LineBytes);
	        this.practice = source["practice"];
	        this.dayStart = source["dayStart"];
	        this.strokes = this.convertValues(source["strokes"], LineStroke);
	        this.sentTicks = source["sentTicks"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class LinkView {
	    text: string;
	    host: string;
	    url: string;
	    differs: boolean;
	
	    static createFrom(source: any = {}) {
	        return new LinkView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.text = source["text"];
	        this.host = source["host"];
	        this.url = source["url"];
	        this.differs = source["differs"];
	    }
	}
	export class ListRequest {
	    view: string;
	    order: string;
	    after: string;
	    limit: number;
	
	    static createFrom(source: any = {}) {
	        return new ListRequest(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.view = source["view"];
	        this.order = source["order"];
	        this.after = source["after"];
	        this.limit = source["limit"];
	    }
	}
	export class MailboxSecrets {
	    password: string;
	    smtpPassword: string;
	    clientSecret: string;
	    ticket: string;
	
	    static createFrom(source: any = {}) {
	        return new MailboxSecrets(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.password = source["password"];
	        this.smtpPassword = source["smtpPassword"];
	        this.clientSecret = source["clientSecret"];
	        this.ticket = source["ticket"];
	    }
	}
	
	export class MailboxView {
	    id: string;
	    kind: string;
	    name: string;
	    state: string;
	    setup: MailboxSetup;
	    identities: IdentityView[];
	    checks: string[];
	    kept: string;
	    replies: number;
	    drafts: number;
	
	    static createFrom(source: any = {}) {
	        return new MailboxView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.id = source["id"];
	        this.kind = source["kind"];
	        this.name = source["name"];
	        this.state = source["state"];
	        this.setup = this.convertValues(source["setup"], MailboxSetup);
	        this.identities = this.convertValues(source["identities"], IdentityView);
	        this.checks = source["checks"];
	        this.kept = source["kept"];
	        this.replies = source["replies"];
	        this.drafts = source["drafts"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	
	export class OpeningView {
	    done: boolean;
	    part: number;
	
	    static createFrom(source: any = {}) {
	        return new OpeningView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.done = source["done"];
	        this.part = source["part"];
	    }
	}
	export class OutboxView {
	    needYou: OpView[];
	    running: OpView[];
	    sentToday: OpView[];
	
	    static createFrom(source: any = {}) {
	        return new OutboxView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.needYou = this.convertValues(source["needYou"], OpView);
	        this.running = this.convertValues(source["running"], OpView);
	        this.sentToday = this.convertValues(source["sentToday"], OpView);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	
	
	export class RowPage {
	    rows: Row[];
	    next: string;
	    total: number;
	
	    static createFrom(source: any = {}) {
	        return new RowPage(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.rows = this.convertValues(source["rows"], Row);
	        this.next = source["next"];
	        this.total = source["total"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class SearchRequest {
	    text: string;
	    after: string;
	
	    static createFrom(source: any = {}) {
	        return new SearchRequest(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.text = source["text"];
	        this.after = source["after"];
	    }
	}
	export class SearchView {
	    hits: HitView[];
	    more: boolean;
	    since: number;
	    beyond: boolean;
	
	    static createFrom(source: any = {}) {
	        return new SearchView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.hits = this.convertValues(source["hits"], HitView);
	        this.more = source["more"];
	        this.since = source["since"];
	        this.beyond = source["beyond"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class SendRequest {
	    draft: string;
	    then: string;
	    anyway: boolean;
	    sendAt: number;
	    until: number;
	
	    static createFrom(source: any = {}) {
	        return new SendRequest(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.draft = source["draft"];
	        this.then = source["then"];
	        this.anyway = source["anyway"];
	        this.sendAt = source["sendAt"];
	        this.until = source["until"];
	    }
	}
	
	export class SentView {
	    html: string;
	    links: LinkView[];
	    waiting: FileView[];
	    elsewhere: number;
	    most: number;
	    saving: string;
	    failed: number;
	    loaded: number;
	
	    static createFrom(source: any = {}) {
	        return new SentView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.html = source["html"];
	        this.links = this.convertValues(source["links"], LinkView);
	        this.waiting = this.convertValues(source["waiting"], FileView);
	        this.elsewhere = source["elsewhere"];
	        this.most = source["most"];
	        this.saving = source["saving"];
	        this.failed = source["failed"];
	        this.loaded = source["loaded"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class ServerSearchView {
	    text: string;
	    state: string;
	    found: number;
	    kind: string;
	
	    static createFrom(source: any = {}) {
	        return new ServerSearchView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.text = source["text"];
	        this.state = source["state"];
	        this.found = source["found"];
	        this.kind = source["kind"];
	    }
	}
	
	export class SettingsView {
	    theme: string;
	    locale: string;
	    locales: string[];
	    system: string;
	    dataDir: string;
	    version: string;
	    keys: boolean;
	    notice: string;
	    full: boolean;
	    harm: HarmView;
	
	    static createFrom(source: any = {}) {
	        return new SettingsView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.theme = source["theme"];
	        this.locale = source["locale"];
	        this.locales = source["locales"];
	        this.system = source["system"];
	        this.dataDir = source["dataDir"];
	        this.version = source["version"];
	        this.keys = source["keys"];
	        this.notice = source["notice"];
	        this.full = source["full"];
	        this.harm = this.convertValues(source["harm"], HarmView);
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class SideView {
	    trouble: string;
	    words: string;
	    mechanism: string;
	
	    static createFrom(source: any = {}) {
	        return new SideView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.trouble = source["trouble"];
	        this.words = source["words"];
	        this.mechanism = source["mechanism"];
	    }
	}
	
	export class TestView {
	    works: boolean;
	    imap: SideView;
	    smtp: SideView;
	    folders: string[];
	    server: string;
	    labels: boolean;
	    savesSent: boolean;
	
	    static createFrom(source: any = {}) {
	        return new TestView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.works = source["works"];
	        this.imap = this.convertValues(source["imap"], SideView);
	        this.smtp = this.convertValues(source["smtp"], SideView);
	        this.folders = source["folders"];
	        this.server = source["server"];
	        this.labels = source["labels"];
	        this.savesSent = source["savesSent"];
	    }
	
		convertValues(a: any, classs: any, asMap: boolean = false): any {
		    if (!a) {
		        return a;
		    }
		    if (a.slice && a.map) {
		        return (a as any[]).map(elem => this.convertValues(elem, classs));
		    } else if ("object" === typeof a) {
		        if (asMap) {
		            for (const key of Object.keys(a)) {
		                a[key] = new classs(a[key]);
		            }
		            return a;
		        }
		        return new classs(a);
		    }
		    return a;
		}
	}
	export class UploadView {
	    bytes: number;
	    limit: number;
	    sure: boolean;
	    tooLarge: boolean;
	    need: number;
	    life: number;
	    doubtful: boolean;
	
	    static createFrom(source: any = {}) {
	        return new UploadView(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.bytes = source["bytes"];
	        this.limit = source["limit"];
	        this.sure = source["sure"];
	        this.tooLarge = source["tooLarge"];
	        this.need = source["need"];
	        this.life = source["life"];
	        this.doubtful = source["doubtful"];
	    }
	}

}

