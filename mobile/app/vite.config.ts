// How the phone app is built: one static folder under /app/, precached whole by a service
// worker that waits for the person before it changes version. Nothing inline, so that the
// server's content security policy can stay strict. Called by `npm run build`.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import { compression } from 'vite-plugin-compression2';
import { VitePWA } from 'vite-plugin-pwa';

const here = (path: string) => new URL(path, import.meta.url).pathname;

/** Has the screens fetched beside the first script, which starts the worker before it asks for
    them. */
const preloadScreens: Plugin = {
  name: 'preload-screens',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle = {} }) =>
      Object.values(bundle)
        .filter((chunk) => chunk.type === 'chunk' && chunk.name === 'start')
        .map(({ fileName }) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/app/${fileName}` },
          injectTo: 'head' as const,
        })),
  },
};

export default defineConfig({
  base: '/app/',
  resolve: { alias: { $words: here('../../words') } },
  plugins: [
    svelte(),
    preloadScreens,
    VitePWA({
      registerType: 'prompt',
      injectRegister: null,
      scope: '/app/',
      workbox: {
        globPatterns: ['**/*.{js,css,html,wasm,svg,png}'],
        navigateFallback: '/app/index.html',
        navigateFallbackAllowlist: [/^\/app\//],
        // The wasm core is larger than Workbox's default, and the app is nothing without it.
        maximumFileSizeToCacheInBytes: 8 * 1024 * 1024,
      },
      manifest: {
        id: '/app/',
        name: 'Docket',
        short_name: 'Docket',
        description: 'Field service records that work without coverage',
        start_url: '/app/',
        scope: '/app/',
        display: 'standalone',
        background_color: '#f3f4f1',
        theme_color: '#0a565e',
        icons: [
          { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
          {
            src: 'icon-maskable-512.png',
            sizes: '512x512',
            type: 'image/png',
            purpose: 'maskable',
          },
        ],
      },
    }),
    // As small as it gets, once here instead of quickly for every phone.
    compression({ algorithms: ['brotliCompress'], include: /\.(js|css|html|svg|wasm)$/ }),
  ],
  worker: { format: 'es' },
  build: { target: 'es2022', assetsInlineLimit: 0, cssCodeSplit: false },
  server: {
    fs: { allow: [here('.'), here('../../words')] },
    proxy: { '/v1': 'http://127.0.0.1:8080' },
  },
});
