// The Node servers of the channel benchmark: node channel.mjs cometd|faye PORT AGENTS
// Each publishes in its own process at the rate in the last line on standard input.
import http from "node:http";
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const [kind, port, agents] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const require = createRequire(import.meta.url);
const server = http.createServer();
server.keepAliveTimeout = 0;
server.requestTimeout = 0;
const call = { call: { id: "0".repeat(32), state: "Established", filler: "x".repeat(980) }, notificationType: "StatusChange" };
const channelOf = (number) => `/agents/${number}/calls`;
let publish;
if (kind === "cometd") {
  const cometd = require("cometd-nodejs-server").createCometDServer({ timeout: 30000, maxInterval: 600000 });
  server.on("request", cometd.handle);
  publish = (number, data) => cometd.createServerChannel(channelOf(number)).publish(null, data);
} else {
  const faye = require("faye");
  const bayeux = new faye.NodeAdapter({ mount: "/api/v2/notifications", timeout: 30 });
  bayeux.attach(server);
  const client = bayeux.getClient();
  publish = (number, data) => client.publish(channelOf(number), data);
}

let [rate, began, sent, total] = [0, performance.now(), 0, 0];
const counts = new Array(agents).fill(0);
setInterval(() => {
  const due = Math.floor(((performance.now() - began) / 1000) * rate) - sent;
  for (let i = 0; i < due; i += 1) {
    const number = total % agents;
    publish(number, { ...call, bench: [number, counts[number]++, Number(process.hrtime.bigint())] });
    total += 1;
  }
  sent += Math.max(due, 0);
}, 1);
createInterface({ input: process.stdin }).on("line", (line) => {
  [rate, began, sent] = [Number(line), performance.now(), 0];
  console.log(total);
});
server.listen(port, "127.0.0.1", 4096);
