// Every word a person reads or hears comes from the catalogues.
const spoken = new Set([
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
  'placeholder',
  'title',
  'alt',
  'label',
]);
const letters = /\p{L}/u;

export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: { literal: 'Literal text on screen: use a key of the catalogues ("{{text}}").' },
  },
  create(context) {
    const report = (node, text) =>
      context.report({ node, messageId: 'literal', data: { text: text.trim().slice(0, 40) } });
    return {
      SvelteText(node) {
        if (node.parent.type === 'SvelteStyleElement' || node.parent.type === 'SvelteScriptElement')
          return;
        if (letters.test(node.value)) report(node, node.value);
      },
      SvelteAttribute(node) {
        if (!spoken.has(node.key.name)) return;
        for (const part of node.value) {
          if (part.type === 'SvelteLiteral' && letters.test(part.value)) report(part, part.value);
        }
      },
      // {'text'} in the markup is literal text all the same.
      'SvelteMustacheTag > Literal'(node) {
        if (typeof node.value === 'string' && letters.test(node.value) && spokenPlace(node.parent))
          report(node, node.value);
      },
    };
  },
};

function spokenPlace(tag) {
  const up = tag.parent;
  return up.type !== 'SvelteAttribute' || spoken.has(up.key.name);
}
