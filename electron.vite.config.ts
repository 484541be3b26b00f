import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'

const main = (file: string) => resolve(import.meta.dirname, 'src-main', file)
const renderer = resolve(import.meta.dirname, 'src-renderer')

// Flat, unhashed names: threads are started from beside the file that starts them.
const flat = { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js' } as const

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: {
          app: main('app/main.ts'),
          engine: main('app/engine-entry.ts'),
          cli: main('cli/main.ts'),
          'analysis-worker': main('engine/analysis/analysis-worker.ts'),
          'measure-process': main('engine/compute/dawn/measure-process.ts'),
          'pair-process': main('engine/compute/dawn/pair-process.ts'),
          'measure-worker': main('engine/measure-worker.ts'),
        },
        // An optional dependency, loaded when it is needed; the others are left out of the bundle without being named.
        external: ['webgpu'],
        output: flat,
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload can only be CommonJS.
      rollupOptions: {
        input: { ui: main('preload/ui.ts'), compute: main('preload/compute.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: renderer,
    plugins: [vue()],
    build: {
      outDir: 'out/renderer',
      rollupOptions: {
        input: { ui: resolve(renderer, 'ui/index.html'), compute: resolve(renderer, 'compute/page/index.html') },
      },
    },
  },
})
