/** Jest's globalTeardown: runs in the process of set-up.mjs, whose modules are still loaded. */
export default async function tearDown() {
  const { stopTestServers } = await import('./start.ts');
  await stopTestServers();
}
