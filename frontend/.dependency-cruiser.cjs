/* The walls of the screen. Each says why it stands. */
const wall = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    wall('no-circles', 'A circle hides which part needs which.', {}, { circular: true }),
    wall(
      'generated-code-stays-in-bridge',
      'Only src/bridge knows Wails: everything else runs on a fake bridge in a plain browser.',
      { pathNot: '^src/bridge/' },
      { path: '(^|/)wailsjs/' },
    ),
    wall(
      'bridge-knows-nobody',
      'The bridge carries calls; it has no opinion about state, words or looks.',
      { path: '^src/bridge/' },
      { path: '^src/(state|views|ui|words|styles)/' },
    ),
    wall(
      'words-know-nobody',
      'Words read catalogues and Intl, nothing else.',
      { path: '^src/words/' },
      { path: '^src/(bridge|state|views|ui)/' },
    ),
    wall(
      'state-has-no-looks',
      'State is tested without a screen.',
      { path: '^src/state/' },
      { path: '^src/(views|ui|styles)/' },
    ),
    wall(
      'ui-is-plain',
      'Parts take what they show as props: they can be moved to any screen.',
      { path: '^src/ui/' },
      { path: '^src/(bridge|state|views|words)/' },
    ),
    wall(
      'views-see-only-the-types-of-the-bridge',
      'Views act through state, never by calling Go themselves.',
      { path: '^src/views/' },
      { path: '^src/bridge/', pathNot: '^src/bridge/types\\.ts$' },
    ),
    wall(
      'no-orphans',
      'A file nobody imports is dead.',
      {
        orphan: true,
        path: '^src/',
        pathNot: '(^src/bridge/wailsjs/.*|\\.test\\.ts|\\.d\\.ts|^src/main\\.ts)$',
      },
      {},
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.svelte', '.json', '.css'] },
  },
};
