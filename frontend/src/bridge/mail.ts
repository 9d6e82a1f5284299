// What a mail is on the screen.

export interface Person {
  name: string;
  address: string;
}

export interface FileView {
  id: string;
  name: string;
  type: string;
  size: number;
  have: number;
  inline: boolean;
  risky: boolean;
  /** Other files lie in it; `inside` says which once it is here. */
  packed: boolean;
  inside: InsideView[];
}

/** A file that lies in another; it can be saved. */
export interface InsideView {
  id: string;
  name: string;
  type: string;
  size: number;
  risky: boolean;
}

export interface MessageView {
  id: string;
  direction: 'in' | 'out' | 'note';
  kind: 'person' | 'bounce' | 'auto' | 'list';
  from: Person;
  to: Person[];
  cc: Person[];
  /** Where its sender wants answers, when not at `from`. */
  replyTo: Person[];
  at: number;
  subject: string;
  language: string;
  text: string;
  quoted: string;
  /** `quoted` is a mail that was passed on, and not one that was answered. */
  forwarded: boolean;
  html: string;
  textState: 'coming' | 'here' | 'none';
  seen: boolean;
  files: FileView[];
  warnings: string[];
  mine: boolean;
  /** Whom an answer is for; not `from` where `via` says how the mail came. */
  customer: Person;
  via: '' | 'form' | 'forwarded' | 'list';
  /** What is wrong about the sender. */
  marks: string[];
  /** What became of a mail of ours; of a bounce: what it says. */
  deliveries: DeliveryView[];
}

export interface DeliveryView {
  recipient: string;
  action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';
  reason: string;
  /** The server's own words. */
  said: string;
  server: string;
  at: number;
  report: string;
}
