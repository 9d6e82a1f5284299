package window

// What the page shows, as expressions for Page.Wait. They name roles and words
// that a person's screen reader would name, not classes.

// InboxPainted is true once the list shows conversations and the browser had a
// frame to paint them.
const InboxPainted = `document.querySelector('[role=listbox] [role=option]')`
