import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['out/', 'node_modules/', 'src-main/fingerprint/kernels/assembly/'] },
  ...tseslint.configs.recommended,
  ...vue.configs['flat/recommended'],
  { files: ['**/*.vue'], languageOptions: { parserOptions: { parser: tseslint.parser } } },
  prettier,
  {
    rules: {
      // Shapes and lengths are checked where bytes enter; inside, `!` says "checked above" under noUncheckedIndexedAccess.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // Components are imported by name, never registered: no name can meet an HTML element's.
      'vue/multi-word-component-names': 'off',
      'max-lines': ['error', { max: 250, skipBlankLines: false, skipComments: false }],
    },
  },
  // A words file is one list of sentences for one part of the window.
  { files: ['test/**', 'bench/**', 'src-renderer/**/words.ts'], rules: { 'max-lines': 'off' } },
)
