// A Terrace of its own for a file of tests: the program that was built, a database in a temporary folder, a free port.
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Api } from './api.js';
import { addMonths, thisMonth } from './days.js';
import { until } from './until.js';

const binary = process.env.TERRACE_BIN ?? fileURLToPath(new URL('../../../../target/debug/terrace', import.meta.url));
const run = promisify(execFile);

/** A password that the rules accept, another one each time. */
export const newPassword = () => `Terrace-${randomUUID()}`;

async function freePort() {
  const server = createServer();
  await /** @type {Promise<void>} */ (new Promise((done) => server.listen(0, '127.0.0.1', done)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((done) => server.close(done));
  return port;
}

/** A running server. */
export class Terrace {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    this.database = `sqlite:${join(folder, 'terrace.db')}`;
    this.origin = '';
    this.log = '';
    /** @type {import('node:child_process').ChildProcess | undefined} */
    this.server = undefined;
  }

  static async empty() {
    return new Terrace(await mkdtemp(join(tmpdir(), 'terrace-console-')));
  }

  /** @param {string[]} words of the program's command */
  async command(...words) {
    return (await run(binary, [...words, '--database', this.database])).stdout;
  }

  async serve() {
    const port = await freePort();
    this.origin = `http://127.0.0.1:${port}`;
    const server = spawn(binary, ['serve', '--database', this.database, '--listen', `127.0.0.1:${port}`], {
      env: { ...process.env, RUST_LOG: 'warn' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [server.stdout, server.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.log += text));
    }
    this.server = server;
    await until('the server is ready', async () => {
      if (server.exitCode !== null) {
        throw new Error(`the server ended: ${this.log}`);
      }
      return (await fetch(`${this.origin}/readyz`)).ok;
    });
    return this;
  }

  async stop() {
    const { server } = this;
    if (server && server.exitCode === null) {
      const ended = new Promise((done) => server.once('exit', done));
      server.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  /** @param {string} username @param {string} password */
  signIn(username, password) {
    return Api.signIn(this.origin, username, password);
  }
}

/** The simulated year, with what it says about signing in. */
export async function demo() {
  const terrace = await Terrace.empty();
  const said = await terrace.command('demo', '--small');
  const signIns = [...said.matchAll(/^ {2}(\S+) +(\S+) +(\S+) +(\S+) {2}(.+)$/gm)].map(
    ([, tier = '', role = '', username = '', password = '', point = '']) => ({ tier, role, username, password, point }),
  );
  await terrace.serve();
  return { terrace, signIns };
}

const tree = `code,name,parent_code,tier
990000000000,模拟市,890000000000,city
`;

/**
 * One county with one township with two villages, all of which live since the first of the month before, and people with
 * passwords of their own. Every figure begins with nothing.
 */
export async function network() {
  const terrace = await Terrace.empty();
  await writeFile(join(terrace.folder, 'tree.csv'), tree);
  const first = /^password: (.+)$/m.exec(await terrace.command('admin', 'create', '--username', 'admin'))?.[1] ?? '';
  await terrace.command('points', 'import', join(terrace.folder, 'tree.csv'));
  await terrace.serve();
  const { api: admin } = await entered(terrace, 'admin', first);
  const bureau = /** @type {string} */ ((await admin.get('/service-points')).items[0].id);
  const before = addMonths(thisMonth(), -1);

  /** @param {string} parent @param {'county' | 'township' | 'village'} tier @param {string} name @param {string} [from] the first month of its life */
  const point = async (parent, tier, name, from = before) => {
    const opened = await admin.post('/service-points', { parent_id: parent, tier, name, opened_on: `${from}-01` });
    return /** @type {string} */ (opened.id);
  };
  const county = await point(bureau, 'county', '模拟县');
  const township = await point(county, 'township', '模拟镇');
  const home = await point(township, 'village', '聂家沟村模拟服务点');
  const neighbour = await point(township, 'village', '成家坝村模拟服务点');

  /** @param {string} username @param {string} role @param {string} at */
  const person = async (username, role, at) => {
    const opened = await admin.post('/accounts', {
      username,
      display_name: `模拟${username}`,
      grant: { role, service_point_id: at },
    });
    return entered(terrace, username, opened.first_password);
  };
  const [worker, colleague, other, reviewer, manager] = await Promise.all([
    person('worker', 'worker', home),
    person('colleague', 'worker', home),
    person('other', 'worker', neighbour),
    person('reviewer', 'reviewer', township),
    person('manager', 'manager', county),
  ]);
  return { terrace, admin, bureau, county, township, home, neighbour, worker, colleague, other, reviewer, manager, point, person };
}

/**
 * Signs in with a first password and changes it.
 * @param {Terrace} terrace @param {string} username @param {string} first
 */
async function entered(terrace, username, first) {
  const password = newPassword();
  const guest = await terrace.signIn(username, first);
  await guest.post('/auth/password', { current_password: first, new_password: password });
  return { username, password, api: await terrace.signIn(username, password) };
}
