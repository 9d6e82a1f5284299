import { describe, expect, test } from 'vitest';
import { isFormatted, linesOf, readHtml, textOf, typedLink } from './rich';
import { editorHtml, storedForm } from './richHtml';

// The same cases as Go's TestRichReads, where both readers must agree.
const cases: [name: string, source: string, form: string, text: string][] = [
  [
    'lines',
    '<p>One</p><p></p><p>Two<br>Three</p>',
    '<p>One</p><p></p><p>Two</p><p>Three</p>',
    'One\n\nTwo\nThree',
  ],
  [
    'what an editor leaves',
    '<div>One<br></div><div><br></div><div>Two</div>',
    '<p>One</p><p></p><p>Two</p>',
    'One\n\nTwo',
  ],
  ['a first line that is no block', 'One<div>Two</div>', '<p>One</p><p>Two</p>', 'One\nTwo'],
  [
    'a block in a block',
    '<div><div>One</div><div>Two</div></div>',
    '<p>One</p><p>Two</p>',
    'One\nTwo',
  ],
  [
    'lists',
    '<p>Try:</p><ul><li>off</li><li>on</li></ul><ol><li>one</li><li>two<br>halves</li></ol>',
    '<p>Try:</p><ul><li>off</li><li>on</li></ul><ol><li>one</li><li>two<br>halves</li></ol>',
    'Try:\n- off\n- on\n1. one\n2. two\n   halves',
  ],
  [
    'a list in a list',
    '<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>',
    '<ul><li>a</li></ul><ol><li>b</li></ol><ul><li>c</li></ul>',
    '- a\n1. b\n- c',
  ],
  [
    'a list in a block',
    '<div>a</div><div><ul><li>b</li></ul></div><div>c</div>',
    '<p>a</p><ul><li>b</li></ul><p>c</p>',
    'a\n- b\nc',
  ],
  ['bold in italic', '<i>a<b>b</b></i>c', '<p><i>a</i><b><i>b</i></b>c</p>', 'abc'],
  [
    'bold as a style',
    '<span style="font-weight:700">a</span><b style="font-weight:normal">b</b>',
    '<p><b>a</b>b</p>',
    'ab',
  ],
  [
    'a link',
    '<a href="https://shop.example/r?a=1&amp;b=2">the <b>form</b></a>',
    '<p><a href="https://shop.example/r?a=1&amp;b=2">the </a><a href="https://shop.example/r?a=1&amp;b=2"><b>form</b></a></p>',
    'the form <https://shop.example/r?a=1&b=2>',
  ],
  [
    'links that do harm',
    '<a href="javascript:alert(1)">a</a><a href="data:x">b</a><a href="file:///x">c</a>',
    '<p>abc</p>',
    'abc',
  ],
  [
    'what is no text',
    '<style>p{}</style><script>alert(1)</script>a<svg><text>b</text></svg><iframe></iframe>',
    '<p>a</p>',
    'a',
  ],
  [
    'pictures',
    '<img src="https://spy.example/1.gif" alt="spy"><img data-file="7" src="data:x" alt="label" onerror="x()">',
    '<p><img data-file="7" alt="label"></p>',
    '[label]',
  ],
  [
    'a quotation',
    '<blockquote><p>Where?</p></blockquote><p>Here.</p>',
    '<blockquote><p>Where?</p></blockquote><p>Here.</p>',
    '> Where?\nHere.',
  ],
  [
    'signs',
    '<p>a &lt;b&gt; &amp; "c"</p>',
    '<p>a &lt;b&gt; &amp; &quot;c&quot;</p>',
    'a <b> & "c"',
  ],
];

describe.each(cases)('%s', (_, source, form, text) => {
  const lines = readHtml(source, true);
  test('is read', () => {
    expect(storedForm(lines)).toBe(form);
    expect(textOf(lines)).toBe(text);
  });
  test('comes back from where it is stored, and from the editor', () => {
    expect(readHtml(storedForm(lines), true)).toEqual(lines);
    expect(readHtml(editorHtml(lines), true)).toEqual(lines);
  });
});

test.each(['', 'a', 'a\n\nb', '  two  spaces <b>\n', '> typed\n- typed'])(
  '%j stays text',
  (text) => {
    const lines = readHtml(editorHtml(linesOf(text)), true);
    expect(textOf(lines)).toBe(text);
    expect(isFormatted(lines)).toBe(false);
  },
);

test('what other programs put on the clipboard loses its spaces and styles', () => {
  const lines = readHtml(
    '<html><body>\n<h1 class="x">A  title</h1>\n <p style="color:red">some\n text </p>\n<table><tr><td>cell</td></tr></table></body></html>',
    false,
  );
  expect(storedForm(lines)).toBe('<p>A title</p><p>some text</p><p>cell</p>');
});

test.each([
  ['shop.example', 'https://shop.example'],
  ['ana@shop.example', 'mailto:ana@shop.example'],
  [' https://shop.example/x ', 'https://shop.example/x'],
  ['javascript:alert(1)', ''],
  ['shop', ''],
  ['', ''],
])('%j as an address is %j', (typed, link) => {
  expect(typedLink(typed)).toBe(link);
});
