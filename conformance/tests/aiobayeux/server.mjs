// A published Bayeux server, driven line by line. usage: node server.mjs cometd|faye PORT
// It says on which port it listens, and "done" after each line that it has carried out.
import http from "node:http";
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const [kind, port] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const PATH = "/api/v2/notifications";
const server = http.createServer();

function cometdServer() {
  const cometd = require("cometd-nodejs-server").createCometDServer({ timeout: 60000, maxInterval: 60000 });
  const { AcknowledgedMessagesExtension } = require("cometd-nodejs-server/ack-extension.js");
  cometd.addExtension(new AcknowledgedMessagesExtension());
  const sessions = new Map();
  cometd.addListener("sessionAdded", (session) => sessions.set(session.id, session));
  cometd.addListener("sessionRemoved", (session) => sessions.delete(session.id));
  server.on("request", cometd.handle);
  return {
    publish: ({ channel, number }) => cometd.createServerChannel(channel).publish(null, { number }),
    forget: () => {
      // As the server does by itself when a session has expired: nobody is told.
      for (const session of [...sessions.values()]) {
        session._scheduler?.cancel();
        cometd._removeServerSession(session, true);
      }
    },
  };
}

function fayeServer() {
  const faye = require("faye");
  const bayeux = new faye.NodeAdapter({ mount: PATH, timeout: 60 });
  bayeux.attach(server);
  const clients = new Set();
  bayeux.on("handshake", (clientId) => clients.add(clientId));
  return {
    publish: ({ channel, number }) => bayeux.getClient().publish(channel, { number }),
    forget: () => {
      for (const clientId of clients) bayeux._server._engine._engine.destroyClient(clientId);
      clients.clear();
    },
  };
}

const driven = kind === "faye" ? fayeServer() : cometdServer();
server.listen(Number(port), "127.0.0.1", () => console.log(server.address().port));
for await (const line of createInterface({ input: process.stdin })) {
  const { do: action, ...rest } = JSON.parse(line);
  await driven[action](rest);
  console.log("done");
}
process.exit(0);
