import { register } from 'node:module';

/** Jest's globalSetup. Plain JavaScript: Jest loads it outside its module system, where nothing is transformed. */
export default async function setUp(globalConfig, projectConfig) {
  register('./typescript-loader.mjs', import.meta.url);
  const { startTestServers } = await import('./start.ts');
  await startTestServers(globalConfig, projectConfig);
}
