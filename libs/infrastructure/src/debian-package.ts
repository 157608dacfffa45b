import { existsSync } from 'node:fs';
import { runToEnd } from './commands.js';
import { pathDirectories, isHidden } from './programs.js';
import type { Report } from './servers.js';
import { join } from 'node:path';

/** Only Debian and its children, and only as root: elsewhere nobody has asked us to change the machine. */
export function canInstallPackages(): boolean {
  const isRootOnDebian = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  return isRootOnDebian && !isHidden('apt-get') && pathDirectories().some((path) => existsSync(join(path, 'apt-get')));
}

/**
 * Debian starts a freshly installed service at once, and on port 5672. `policy-rc.d` with exit code 101 forbids that
 * (https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt). It is a shell script with a trap, so that
 * the machine's own policy comes back even when this process dies meanwhile.
 */
export function installScript(packageName: string, policyFile = '/usr/sbin/policy-rc.d'): string {
  return [
    'set -e',
    `policy=${policyFile}`,
    'restore() { rm -f "$policy"; if [ -e "$policy.before-retaguarda" ]; then mv "$policy.before-retaguarda" "$policy"; fi; }',
    'if grep -qs retaguarda "$policy"; then restore; fi',
    "trap restore EXIT; trap 'exit 130' INT; trap 'exit 143' TERM HUP",
    'if [ -e "$policy" ]; then mv "$policy" "$policy.before-retaguarda"; fi',
    String.raw`printf '#!/bin/sh\n# made by retaguarda for the time of one installation\nexit 101\n' > "$policy"`,
    'chmod 755 "$policy"',
    'export DEBIAN_FRONTEND=noninteractive',
    'apt-get update -qq -o DPkg::Lock::Timeout=300',
    `apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 ${packageName}`,
  ].join('\n');
}

/** Installs `rabbitmq-server` without starting a service; returns what apt said when it failed. */
export async function installRabbitServer(report: Report): Promise<string | undefined> {
  report('RabbitMQ is not installed: installing the package rabbitmq-server (no system service is started)');
  const { code, output } = await runToEnd('/bin/sh', ['-c', installScript('rabbitmq-server')]);
  if (code === 0) return undefined;
  return `apt-get install rabbitmq-server failed: ${output.trim().split('\n').slice(-3).join(' / ')}`;
}
