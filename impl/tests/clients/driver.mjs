// A published JavaScript client on one seat, driven line by line: it reads commands from standard input and prints what happens.
// usage: node driver.mjs cometd|cometd3|faye long-polling|websocket URL NUMBER [ack] [timesync] [reload]
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { adapt } from "cometd-nodejs-client";

const [kind, transport, url, number, ...extensions] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const Authorization = `Basic ${Buffer.from(`${number}:${number}`).toString("base64")}`;
const tell = (happening) => console.log(JSON.stringify(happening));
const heard = ({ channel, data }) => {
  if (!channel.startsWith("/meta/")) tell({ is: "heard", channel, data });
};

async function cometdClient() {
  adapt();
  const Native = window.WebSocket;
  window.WebSocket = function WithCredentials(address, protocols) {
    return new Native(address, protocols, { headers: { Authorization } });
  };
  const kept = new Map();
  window.sessionStorage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
  const isOld = kind === "cometd3";
  const load = async (name) => (isOld ? require(`cometd3/${name}`) : (await import(`cometd/${name}.js`))[name]);
  const { CometD } = isOld ? require("cometd3") : await import("cometd");
  const makers = { ack: "AckExtension", timesync: "TimeSyncExtension", reload: "ReloadExtension" };
  const made = async () => {
    const cometd = new CometD();
    for (const other of ["callback-polling", ...(transport === "websocket" ? [] : ["websocket"])]) cometd.unregisterTransport(other);
    cometd.configure({ url, requestHeaders: { Authorization }, logLevel: "error", backoffIncrement: 50, maxBackoff: 200 });
    for (const name of extensions) cometd.registerExtension(name, new (await load(makers[name]))());
    const wanted = new Map();
    cometd.addListener("/meta/handshake", ({ successful }) => {
      if (!successful) return;
      hasSession = true;
      tell({ is: "session", transport: cometd.getTransport().type });
      for (const subscribe of wanted.values()) subscribe();
    });
    return { cometd, wanted };
  };
  let hasSession = false; // before the first there is nothing to subscribe in
  let { cometd, wanted } = await made();
  const subscribe = (channel) => {
    let handle;
    wanted.set(channel, () => {
      handle = cometd.subscribe(channel, heard, ({ successful }) => tell({ is: "subscribed", channel, successful }));
      return handle;
    });
    if (hasSession) wanted.get(channel)();
    wanted.get(channel).handle = () => handle;
  };
  return {
    begin: () => cometd.handshake(),
    subscribe,
    unsubscribe: (channel) => {
      const handle = wanted.get(channel).handle();
      wanted.delete(channel);
      cometd.unsubscribe(handle, ({ successful }) => tell({ is: "unsubscribed", channel, successful }));
    },
    disconnect: () => cometd.disconnect(({ successful }) => tell({ is: "disconnected", successful })),
    reload: async () => {
      cometd.reload();
      hasSession = false;
      const channels = [...wanted.keys()];
      ({ cometd, wanted } = await made());
      cometd.handshake();
      for (const channel of channels) subscribe(channel);
      tell({ is: "reloaded" });
    },
  };
}

function fayeClient() {
  const faye = require("faye");
  const client = new faye.Client(url, { retry: 0.1, timeout: 60 });
  client.setHeader("Authorization", Authorization);
  for (const other of ["eventsource", "callback-polling", "in-process", "cross-origin-long-polling"]) client.disable(other);
  if (transport !== "websocket") client.disable("websocket");
  client.addExtension({
    incoming: (message, on) => {
      if (message.channel === "/meta/handshake" && message.successful) setImmediate(() => tell({ is: "session", transport: client._dispatcher.connectionType }));
      on(message);
    },
  });
  const wanted = new Map();
  return {
    begin: () => client.connect(),
    subscribe: (channel) => {
      const subscription = client.subscribe(channel).withChannel((name, data) => heard({ channel: name, data }));
      wanted.set(channel, subscription);
      subscription.then(() => tell({ is: "subscribed", channel, successful: true }));
    },
    unsubscribe: (channel) => {
      wanted.get(channel).cancel();
      tell({ is: "unsubscribed", channel, successful: true });
    },
    disconnect: () => client.disconnect().then(() => tell({ is: "disconnected", successful: true })),
  };
}

const client = kind === "faye" ? fayeClient() : await cometdClient();
for await (const line of createInterface({ input: process.stdin })) {
  const { do: action, channel } = JSON.parse(line);
  await client[action](channel);
}
process.exit(0);
