// Stands between a browser and the server and writes down what goes over the wire, whoever in the browser asks for it.
import { createServer, request } from 'node:http';

/** @typedef {{method: string, path: string, status: number, encoding: string, bytes: number}} Exchange */

/** @param {string} origin */
export async function countingProxy(origin) {
  const exchanges = /** @type {Exchange[]} */ ([]);
  const server = createServer((asked, answer) => {
    const path = asked.url ?? '/';
    const { method } = asked;
    const onward = request(new URL(path, origin), { method, headers: asked.headers, agent: false }, (answered) => {
      const { statusCode: status = 0 } = answered;
      const exchange = { method: method ?? '', path, status, encoding: answered.headers['content-encoding'] ?? '', bytes: 0 };
      exchanges.push(exchange);
      answered.on('data', (chunk) => (exchange.bytes += chunk.length));
      answer.writeHead(status, answered.rawHeaders);
      answered.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  await /** @type {Promise<void>} */ (new Promise((done) => server.listen(0, '127.0.0.1', done)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    /** What was exchanged since the last time somebody asked. */
    taken: () => exchanges.splice(0),
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
