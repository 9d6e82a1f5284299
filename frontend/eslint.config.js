import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import noLiteralText from './eslint/no-literal-text.js';
import svelteConfig from './svelte.config.js';

export default ts.config(
  { ignores: ['dist', 'node_modules', 'test-results', 'src/bridge/wailsjs'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs['flat/recommended'],
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      // Plain maps and sets hold what no view reads (timers, ids of sent drafts).
      'svelte/prefer-svelte-reactivity': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 5],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
  },
  {
    files: ['**/*.svelte'],
    plugins: { house: { rules: { 'no-literal-text': noLiteralText } } },
    rules: { 'house/no-literal-text': 'error', 'svelte/no-at-html-tags': 'error' },
  },
  {
    // A table of cases or a describe block is as long as it has cases.
    files: ['**/*.test.ts', 'e2e/**', 'src/bridge/fake/**'],
    rules: { 'max-lines-per-function': 'off', 'max-params': 'off' },
  },
  {
    files: ['*.js', '*.cjs', '*.ts', 'e2e/**', 'tests/**'],
    languageOptions: { globals: { ...globals.node } },
  },
);
