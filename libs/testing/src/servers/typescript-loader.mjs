import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const root = new URL('../../../../', import.meta.url);

/** The same two mappings as in jest.config.js: packages by name, and `.js` endings that mean `.ts` files. */
export async function resolve(specifier, context, next) {
  const own = /^@retaguarda\/([a-z-]+)$/.exec(specifier);
  if (own) return next(new URL(`libs/${own[1]}/src/index.ts`, root).href, context);
  if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return next(source.href, context);
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  const configFile = fileURLToPath(new URL('.swcrc', root));
  const { code } = await transform(readFileSync(filename, 'utf8'), { filename, configFile, sourceMaps: 'inline' });
  return { format: 'module', source: code, shortCircuit: true };
}
