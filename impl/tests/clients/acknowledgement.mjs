// Sends 200 messages in quick succession to two official clients, one of which acknowledges, through a proxy that drops one answer to each.
// usage: node acknowledgement.mjs http://127.0.0.1:8080   prints what each has heard
import http from "node:http";
import { adapt } from "cometd-nodejs-client";

adapt();
const { CometD } = await import("cometd");
const { AckExtension } = await import("cometd/AckExtension.js");
const { TimeSyncExtension } = await import("cometd/TimeSyncExtension.js");

const address = process.argv[2];
const COUNT = 200;
const patience = setTimeout(() => {
  console.log(JSON.stringify(heard));
  process.exit(1);
}, 60000);

// Forwards everything, except that for each path it drops the second answer with messages, and its connection.
function proxy() {
  let answers = 0;
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", async () => {
      const answer = await fetch(address + request.url, {
        method: request.method,
        headers: { authorization: request.headers.authorization, "content-type": "application/json" },
        body: Buffer.concat(parts),
      });
      const text = await answer.text();
      if (text.includes('"number"') && (answers += 1) === 2) {
        server.emit("swallowed");
        response.destroy();
        return;
      }
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(text);
    });
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

const heard = {};

async function listen(number, acknowledges) {
  const server = await proxy();
  const cometd = new CometD();
  cometd.unregisterTransport("websocket");
  cometd.unregisterTransport("callback-polling");
  if (acknowledges) {
    cometd.registerExtension("ack", new AckExtension());
    cometd.registerExtension("timesync", new TimeSyncExtension());
    cometd.addListener("/meta/handshake", ({ ext }) => (heard.synchronised = ext.timesync !== undefined && ext.ack === true));
  }
  const Authorization = `Basic ${Buffer.from(`${number}:${number}`).toString("base64")}`;
  cometd.configure({
    url: `http://127.0.0.1:${server.address().port}/api/v2/notifications`,
    requestHeaders: { Authorization },
    logLevel: "error",
    backoffIncrement: 50,
  });
  heard[number] = [];
  const last = new Promise((resolve) => {
    cometd.addListener("/meta/handshake", () =>
      cometd.subscribe("/v2/me/calls", ({ data }) => {
        heard[number].push(data.number);
        if (data.number === COUNT) resolve();
      }),
    );
  });
  const subscribed = new Promise((resolve) => cometd.addListener("/meta/subscribe", resolve));
  cometd.handshake();
  await subscribed;
  return { swallowed: new Promise((resolve) => server.once("swallowed", resolve)), last };
}

const clients = [await listen("15000", true), await listen("15001", false)];
const publish = (agent, number) =>
  fetch(`${address}/__admin/v1/publish`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ agent, channel: "/v2/me/calls", data: { number } }),
  });
for (const [index, agent] of ["15000", "15001"].entries()) {
  for (let number = 1; number < COUNT; number += 1) await publish(agent, number);
  await clients[index].swallowed;
  await publish(agent, COUNT);
}
await Promise.all(clients.map((client) => client.last));
clearTimeout(patience);
console.log(JSON.stringify(heard));
process.exit(0);
