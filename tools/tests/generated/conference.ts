// Alice calls Bob and adds Carol, with the client that @hey-api/openapi-ts made: the folder `made` beside this file.
// Takes the server's address. Prints what Alice sees at the end, as JSON.
import { createClient, type Client } from "./made/client";
import { dialFromMyDevice, listCalls, operateOnCall, readMe } from "./made/sdk.gen";
import type { Call, CallOperation, PartialCall } from "./made/types.gen";

declare const process: { argv: string[] };

function isWhole(call: PartialCall): call is Call {
  return "participants" in call;
}

class Agent {
  private readonly client: Client;

  /** An agent whose login and password are their number. */
  constructor(address: string, number: string) {
    this.client = createClient({ baseUrl: `${address}/api/v2`, auth: `${number}:${number}` });
  }

  async calls(): Promise<Call[]> {
    const { data } = await listCalls({ client: this.client, query: { fields: "*" }, throwOnError: true });
    if (!("calls" in data)) throw new Error("fields=* returns the calls themselves");
    return data.calls.filter(isWhole);
  }

  async dial(phoneNumber: string): Promise<void> {
    const { data } = await readMe({ client: this.client, query: { subresources: "devices" }, throwOnError: true });
    const id = data.user.devices?.[0]?.id ?? "";
    const body = { operationName: "Dial", destination: { phoneNumber } } as const;
    await dialFromMyDevice({ client: this.client, path: { id }, body, throwOnError: true });
  }

  async operate(call: Call | undefined, body: CallOperation): Promise<void> {
    await operateOnCall({ client: this.client, path: { id: call?.id ?? "" }, body, throwOnError: true });
  }

  async answer(): Promise<void> {
    await this.operate((await this.calls())[0], { operationName: "Answer" });
  }
}

async function conference(address: string): Promise<void> {
  const [alice, bob, carol] = ["15000", "15001", "15002"].map((number) => new Agent(address, number)) as [Agent, Agent, Agent];
  await alice.dial("15001");
  await bob.answer();
  const [call] = await alice.calls();
  await alice.operate(call, { operationName: "InitiateConference", destination: { phoneNumber: "15002" } });
  await carol.answer();
  const consult = (await alice.calls()).find((each) => each.callType === "Consult");
  await alice.operate(call, { operationName: "CompleteConference", consultCallUri: consult?.uri });
  const seen = (await alice.calls()).map((each) => [
    each.id === call?.id,
    each.state,
    each.participants.map((party) => party.phoneNumber).sort(),
  ]);
  console.log(JSON.stringify(seen));
}

void conference(process.argv[2] ?? "");
