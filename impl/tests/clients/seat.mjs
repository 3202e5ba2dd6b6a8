// An agent at a desktop: the official CometD client over long-polling, and plain HTTP, with the same credentials.
import { adapt } from "cometd-nodejs-client";

adapt();
const { CometD } = await import("cometd");

export class Seat {
  constructor(base, number) {
    this.base = base;
    this.number = number;
    this.heard = [];
    this.waiting = [];
    this.headers = { Authorization: `Basic ${Buffer.from(`${number}:${number}`).toString("base64")}` };
    this.cometd = new CometD();
    this.cometd.unregisterTransport("websocket");
    this.cometd.unregisterTransport("callback-polling");
    this.cometd.configure({ url: `${base}/notifications`, requestHeaders: this.headers, logLevel: "warn" });
  }

  // Shake hands, then subscribe to each topic: all of them must succeed.
  async connect(...topics) {
    await this.shakeHands();
    for (const topic of topics.length ? topics : ["/v2/me/calls"]) await this.subscribe(topic);
  }

  shakeHands() {
    return new Promise((resolve, reject) => {
      this.cometd.handshake((reply) => (reply.successful ? resolve() : reject(new Error(JSON.stringify(reply)))));
    });
  }

  subscribe(topic) {
    return new Promise((resolve, reject) => {
      this.cometd.subscribe(
        topic,
        (message) => this.hear(message),
        (reply) => (reply.successful ? resolve() : reject(new Error(JSON.stringify(reply)))),
      );
    });
  }

  // Like programs that keep their subscriptions after a new handshake, whenever it happens.
  connectByListener(...topics) {
    return new Promise((resolve) => {
      this.cometd.addListener("/meta/handshake", (reply) => {
        if (!reply.successful) return;
        this.cometd.batch(() => {
          for (const topic of topics) this.cometd.subscribe(topic, (message) => this.hear(message), () => resolve());
        });
      });
      this.cometd.handshake();
    });
  }

  // A program subscribed to /** also receives, from its own client, the messages that this client sends to the server.
  hear(message) {
    if (message.channel.startsWith("/meta/")) return;
    this.heard.push(message);
    this.waiting = this.waiting.filter((look) => !look());
  }

  // The call in the first or second matching notification, whether it has arrived or is still to come.
  until(matches, times = 1) {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.heard.filter((message) => matches(message.data))[times - 1];
        if (found) resolve(found.data.call);
        return found !== undefined;
      };
      if (!look()) this.waiting.push(look);
    });
  }

  async ask(path, body) {
    const response = await fetch(this.base + path, {
      method: body ? "POST" : "GET",
      headers: { ...this.headers, ...(body ? { "Content-Type": "application/json" } : {}) },
      body: body && JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, answer: await response.json() };
  }

  async request(path, body) {
    const { status, answer } = await this.ask(path, body);
    if (answer.statusCode !== 0) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  }

  operate(call, operationName, more = {}) {
    return this.request(`/me/calls/${call.id}`, { operationName, ...more });
  }

  async dial(phoneNumber) {
    const { devices } = await this.request("/me/devices?fields=*");
    await this.request(`/me/devices/${devices[0].id}/calls`, { operationName: "Dial", destination: { phoneNumber } });
  }

  leave() {
    return new Promise((resolve) => this.cometd.disconnect(resolve));
  }
}

// A notification about a call in this state.
export const is = (state, notificationType = "StatusChange") => (data) =>
  data.call?.state === state && data.notificationType === notificationType;
export const isConsult = (state) => (data) => data.call?.callType === "Consult" && data.call.state === state;
