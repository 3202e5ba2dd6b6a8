// Generated from version 0.2.0 of the contract by callproof stubs; do not edit.

/** An absolute http or https address under the configured public base. */
export type AbsoluteUri = string;

/**
 * Accepts a preview call: an outbound call that the agent sees before it is dialled. The call is then
 * dialled.
 */
export interface Accept {
  operationName: "Accept";
}

/**
 * The server accepted the request and passed it on; notifications report the outcome. There is no
 * statusMessage.
 */
export interface Accepted {
  statusCode: 0;
  statusMessage?: never;
}

/** Sets the agent's state to NotReady with the work mode AfterCallWork. wrapUpTime is for a T-Server. */
export interface AfterCallWork {
  operationName: "AfterCallWork";
  wrapUpTime?: string;
}

/** An agent state that can be set; a client posts its operationName to set it. */
export interface AgentStateSetting {
  id: string;
  operationName: string;
  displayName: string;
  state: "Ready" | "NotReady" | "Logout" | (string & {});
  workMode?: string;
  reason?: string;
}

/** The agent states of the contact centre. Those that every contact centre has come first. */
export interface AgentStatesAnswer {
  statusCode: 0;
  settings: Array<AgentStateSetting>;
}

/** Answers a ringing call. */
export interface Answer {
  operationName: "Answer";
}

/**
 * Key-value data attached to a call. Values are strings, numbers, null or nested objects. A call without
 * user data omits this member and never has an empty object.
 */
export type UserData = { [name: string]: unknown };

/**
 * Adds key-value pairs to the call's user data. The page says that an existing key is kept beside the new
 * one; a JSON object cannot show both, so the call shows the new value.
 */
export interface AttachUserData {
  operationName: "AttachUserData";
  userData: UserData;
}

/**
 * Identifies a leg to its agent, in characters that can stand in a path as they are. No page gives its
 * form: the samples of 8.5.2 show the callUuid, older samples the connection id. Because uri and path end
 * with it, it consists of characters that need no percent-encoding there, and it does not begin with a dot.
 * It never changes while the leg lives.
 */
export type CallId = string;

/**
 * State of a leg. Released is final. The documentation gives its list as examples, so other words are
 * possible. Preview and PreviewCancelled belong to outbound calls that an agent sees before they are
 * dialled, and are known from client programs only: Preview waits for Accept or Decline, and
 * PreviewCancelled is final.
 */
export type CallState =
  | "Dialing"
  | "Ringing"
  | "Established"
  | "Held"
  | "Released"
  | "Preview"
  | "PreviewCancelled"
  | (string & {});

/**
 * The call's universally unique id. The samples show 32 characters of 0-9 and A-V, a T-Server's form; no
 * page requires it.
 */
export type CallUuid = string;

/**
 * The switch's connection id. The samples show sixteen hexadecimal digits, a T-Server's form; no page
 * requires it.
 */
export type ConnId = string;

/** Absolute address of the device whose view the leg is. It does not contain /me. */
export type DeviceUri = string;

/** The digits of a participant's number, as the switch has them. */
export type DialledDigits = string;

/** Another party of the call, never the agent. */
export interface Participant {
  /** The number in E.164 form; empty for an internal number. */
  e164Number?: string;
  formattedPhoneNumber?: string;
  /** The party's number; empty where the switch does not know it (inferred). */
  phoneNumber: string;
  digits?: DialledDigits;
}

/**
 * Kind of call as the switch reports it. The documentation gives its list as examples, so other words are
 * possible. A conference keeps the type the call had before.
 */
export type CallType = "Internal" | "Inbound" | "Outbound" | "Consult" | (string & {});

/**
 * Name of an operation that is possible on the leg at this moment. A server may offer operations that this
 * contract does not describe; this schema lists the documented names.
 */
export type Capability =
  | "Accept"
  | "Answer"
  | "AttachUserData"
  | "ClearCall"
  | "CompleteConference"
  | "CompleteTransfer"
  | "Decline"
  | "DeleteUserData"
  | "DeleteUserDataPair"
  | "Hangup"
  | "Hold"
  | "InitiateConference"
  | "InitiateTransfer"
  | "MuteCall"
  | "MuteMonitoredUser"
  | "PauseCallRecording"
  | "Reject"
  | "RemoveParticipantFromConference"
  | "ResumeCallRecording"
  | "Retrieve"
  | "SendDtmf"
  | "SetCallDisposition"
  | "SingleStepConference"
  | "SingleStepTransfer"
  | "StartCallRecording"
  | "StopCallRecording"
  | "SwapCalls"
  | "SwitchToBargeIn"
  | "SwitchToListenIn"
  | "UnmuteCall"
  | "UnmuteMonitoredUser"
  | "UpdateUserData"
  | (string & {});

/** The user data of a call that has some. */
export type AttachedUserData = { [name: string]: unknown };

/** Absolute address of a leg. It contains /me/calls. */
export type CallUri = string;

/**
 * Path of a leg, /calls/ and its id, without /me and without /api/v2. One sample lacks the leading slash.
 */
export type CallPath = string;

/** Whole seconds, written as a string of digits. */
export type Seconds = string;

/** An on-off value written as a word, not as a boolean. */
export type OnOff = "On" | "Off";

/** State of the leg's recording; present only where recording is available. */
export type RecordingState = "Stopped" | "Recording" | "Paused";

/**
 * A leg, which is one agent's view of a call. Members that this contract does not name are to be ignored.
 * Two agents' legs of one call may have the same id or different ids.
 */
export interface Call {
  id: CallId;
  state: CallState;
  callUuid: CallUuid;
  connId?: ConnId;
  deviceUri: DeviceUri;
  /** The other parties, never the agent. */
  participants: Array<Participant>;
  ani?: string;
  /** The number that was dialled; a conference does not change it. */
  dnis?: string;
  callType: CallType;
  /** The operations possible now, in no particular order; empty once the leg is Released. */
  capabilities: Array<Capability>;
  userData?: AttachedUserData;
  parentCallUri?: CallUri;
  parentCallPath?: CallPath;
  duration: Seconds;
  mute?: OnOff;
  recordingState?: RecordingState;
  supervisorListeningIn?: boolean;
  monitoredUserMuted?: boolean;
  monitoring?: boolean;
  uri: CallUri;
  path: CallPath;
}

/**
 * A directory number as it is dialled. The samples use digits only; no page gives a form, and the server
 * says which numbers it can dial.
 */
export type PhoneNumber = string;

/**
 * T-Library extensions of the event. The samples leave the member out when there are none. A Ringing call
 * that came through a queue also says what happens if nobody answers (NO_ANSWER_*) and where the call came
 * from (OriginationDN and the switch of that number).
 */
export interface Extensions {
  BusinessCall?: number;
  WrapUpTime?: number;
  NO_ANSWER_ACTION?: string;
  NO_ANSWER_TIMEOUT?: number | string;
  NO_ANSWER_OVERFLOW?: string;
  OriginationDN?: string;
  OriginationDN_location?: string;
}

export interface MetricsEventProcessing {
  nodeProcessingTimeNanos?: number;
  serverGenerationTimestamp?: number;
  serverProcessingTimeTotalMs?: number;
}

/**
 * How long the server took for the event. Every message of a real server carries it, and no published page
 * shows it. Clients do not need it. A total of -1 means that the server does not know.
 */
export interface Metrics {
  eventProcessing?: MetricsEventProcessing;
}

export interface AttachedDataChangedData {
  messageType: "CallStateChangeMessage";
  notificationType: "AttachedDataChanged";
  call: Call;
  phoneNumber: PhoneNumber;
  extensions?: Extensions;
  metrics?: Metrics;
}

/**
 * One of the parties changed the call's user data. The call carries all of it, or no userData when nothing
 * is left.
 */
export interface AttachedDataChanged {
  channel: "/v2/me/calls";
  data: AttachedDataChangedData;
}

/** Sets the agent's state to NotReady with the work mode AuxWork. */
export interface AuxWork {
  operationName: "AuxWork";
}

/**
 * Lets the supervisor join another agent's calls, where all parties hear the supervisor. The supervisor
 * joins a call in progress at once.
 */
export interface BargeIn {
  operationName: "BargeIn";
  targetDeviceUri: DeviceUri;
  /**
   * With Agent, the supervisor is released when the agent leaves the call; with Call, the supervisor stays.
   * The default is Call.
   */
  supervisorMonitoringScope?: "Agent" | "Call";
  /**
   * NextCall covers one call and no more; AllCalls lasts until it is cancelled. The default is AllCalls.
   */
  supervisorMonitoringMode?: "NextCall" | "AllCalls";
  phoneNumber?: PhoneNumber;
}

/** One leg, under its singular name. */
export interface CallAnswer {
  statusCode: 0;
  call: Call;
}

/**
 * The kind of notification about the call. StatusChange is also sent when the state stays the same, for
 * example on mute.
 */
export type NotificationType =
  | "StatusChange"
  | "ParticipantsUpdated"
  | "AttachedDataChanged"
  | "DtmfSent"
  | "CallRecordingStateChange"
  | "MonitoredUserMutedStateChange"
  | (string & {});

/**
 * The members that every notification about a call carries. phoneNumber is the agent's own number. Members
 * that this contract does not name are to be ignored.
 */
export interface CallEventData {
  messageType: "CallStateChangeMessage";
  notificationType: NotificationType;
  call: Call;
  phoneNumber: PhoneNumber;
  extensions?: Extensions;
  metrics?: Metrics;
}

/**
 * A notification about a call whose notificationType has no schema of its own in this version of the
 * contract. The envelope and the call follow the same rules.
 */
export interface CallNotification {
  channel: "/v2/me/calls";
  data: CallEventData;
}

/**
 * Ends a call for all its parties. Any party may clear it. The operation is offered where the switch allows
 * it.
 */
export interface ClearCall {
  operationName: "ClearCall";
}

/**
 * Joins a consult call to its parent, so that all parties are in one call. It may be posted to the consult
 * call or to the parent.
 */
export interface CompleteConference {
  operationName: "CompleteConference";
  consultCallUri?: CallUri;
}

/**
 * Connects the held party to the party of the consult call and takes the agent out of both calls. It may be
 * posted to the consult call or to the parent, and before the consult call is answered.
 */
export interface CompleteTransfer {
  operationName: "CompleteTransfer";
  consultCallUri?: CallUri;
}

/**
 * Declines a preview call: an outbound call that the agent sees before it is dialled. The call is not
 * dialled.
 */
export interface Decline {
  operationName: "Decline";
}

/** Deletes all of the call's user data. */
export interface DeleteUserData {
  operationName: "DeleteUserData";
}

/** Deletes one pair of the call's user data. */
export interface DeleteUserDataPair {
  operationName: "DeleteUserDataPair";
  key: string;
}

/** Releases the agent's leg of a call. */
export interface Hangup {
  operationName: "Hangup";
}

/** Places an established call on hold. */
export interface Hold {
  operationName: "Hold";
}

/** Where to dial. An object in every call operation. */
export interface Destination {
  phoneNumber: PhoneNumber;
}

/** Passed on to the switch as the location attribute of its requests. */
export type Location = string;

/**
 * Starts a two-step conference: puts the named call on hold and opens a consult call to the destination,
 * which CompleteConference later joins to the named call.
 */
export interface InitiateConference {
  operationName: "InitiateConference";
  destination: Destination;
  location?: Location;
  userData?: UserData;
}

/**
 * Starts a two-step transfer: puts the named call on hold and opens a consult call to the destination, to
 * whose party CompleteTransfer later connects the held party.
 */
export interface InitiateTransfer {
  operationName: "InitiateTransfer";
  destination: Destination;
  location?: Location;
  userData?: UserData;
}

/**
 * Mutes the agent, so that the other parties no longer hear them. The operation is offered where the switch
 * can mute.
 */
export interface MuteCall {
  operationName: "MuteCall";
}

/** Mutes the monitored agent so that the supervisor can take over the call. */
export interface MuteMonitoredUser {
  operationName: "MuteMonitoredUser";
}

/** Pauses the recording of the call. */
export interface PauseCallRecording {
  operationName: "PauseCallRecording";
}

/**
 * Rejects a ringing call that came through a queue; the call goes back to its queue. A call that came
 * directly to the agent cannot be rejected.
 */
export interface Reject {
  operationName: "Reject";
}

/**
 * Removes a party from a conference. Only the owner of the conference or a monitoring supervisor may do so.
 */
export interface RemoveParticipantFromConference {
  operationName: "RemoveParticipantFromConference";
  participant: PhoneNumber;
}

/** Resumes recording the call after a pause. */
export interface ResumeCallRecording {
  operationName: "ResumeCallRecording";
}

/** Takes a held call off hold. */
export interface Retrieve {
  operationName: "Retrieve";
}

/**
 * Keys of a telephone, in the order in which they are pressed. The page names only the digits; the star and
 * the hash are inferred.
 */
export type DtmfDigits = string;

/** Sends digits to the other party. */
export interface SendDtmf {
  operationName: "SendDtmf";
  digits: DtmfDigits;
}

/**
 * Sets the disposition (the outcome) of a call. While the call is live, the disposition becomes part of its
 * user data; after the call has been released, it only goes to the reporting solution. The operation is
 * posted to the call, or to the device of the call. The body names the call at both addresses.
 */
export interface SetCallDisposition {
  operationName: "SetCallDisposition";
  callUri: AbsoluteUri;
  callUuid: CallUuid;
  disposition: string;
  dispositionKey?: string;
  userData?: UserData;
}

/** Adds another party to the call at once, without a consult call. */
export interface SingleStepConference {
  operationName: "SingleStepConference";
  destination: Destination;
  location?: Location;
  userData?: UserData;
}

/** Transfers the call to a destination at once, without a consult call. */
export interface SingleStepTransfer {
  operationName: "SingleStepTransfer";
  destination: Destination;
  location?: Location;
  userData?: UserData;
}

/** Starts recording the call. Recording ends with StopCallRecording or with the call. */
export interface StartCallRecording {
  operationName: "StartCallRecording";
}

/** Stops recording the call. */
export interface StopCallRecording {
  operationName: "StopCallRecording";
}

/** Takes the held call off hold and puts the other one on hold. It may be posted to either of the two. */
export interface SwapCalls {
  operationName: "SwapCalls";
  otherCallUri: CallUri;
}

/**
 * Lets all parties of the call hear a supervisor who is listening in or coaching. There is no way back to
 * coaching.
 */
export interface SwitchToBargeIn {
  operationName: "SwitchToBargeIn";
}

/**
 * Makes a supervisor who is coaching or has barged in a listener only. There is no way back to coaching.
 */
export interface SwitchToListenIn {
  operationName: "SwitchToListenIn";
}

/** Lets the other parties hear the agent again. */
export interface UnmuteCall {
  operationName: "UnmuteCall";
}

/** Unmutes the monitored agent. */
export interface UnmuteMonitoredUser {
  operationName: "UnmuteMonitoredUser";
}

/**
 * Adds key-value pairs to the call's user data, replaces the values of existing keys and leaves the other
 * keys as they are.
 */
export interface UpdateUserData {
  operationName: "UpdateUserData";
  userData: UserData;
}

/** Body of POST /me/calls/{id}; operationName names the requested operation. */
export type CallOperation =
  | Accept
  | Answer
  | AttachUserData
  | ClearCall
  | CompleteConference
  | CompleteTransfer
  | Decline
  | DeleteUserData
  | DeleteUserDataPair
  | Hangup
  | Hold
  | InitiateConference
  | InitiateTransfer
  | MuteCall
  | MuteMonitoredUser
  | PauseCallRecording
  | Reject
  | RemoveParticipantFromConference
  | ResumeCallRecording
  | Retrieve
  | SendDtmf
  | SetCallDisposition
  | SingleStepConference
  | SingleStepTransfer
  | StartCallRecording
  | StopCallRecording
  | SwapCalls
  | SwitchToBargeIn
  | SwitchToListenIn
  | UnmuteCall
  | UnmuteMonitoredUser
  | UpdateUserData;

export interface CallRecordingStateChangeData {
  messageType: "CallStateChangeMessage";
  notificationType: "CallRecordingStateChange";
  call: Call;
  phoneNumber: PhoneNumber;
  extensions?: Extensions;
  metrics?: Metrics;
}

/** The recording of the call was started, stopped, paused or resumed; recordingState says which. */
export interface CallRecordingStateChange {
  channel: "/v2/me/calls";
  data: CallRecordingStateChangeData;
}

export interface CallsAnswerUris {
  statusCode: 0;
  uris: Array<CallUri>;
}

/** A leg with the requested members; with fields=*, the whole Call. */
export type PartialCall = Call | { [name: string]: unknown };

export interface CallsAnswerCalls {
  statusCode: 0;
  calls: Array<PartialCall>;
}

/** The agent's legs: their addresses or, with fields, the legs themselves. */
export type CallsAnswer = CallsAnswerUris | CallsAnswerCalls;

/** Ends the supervision of another agent's calls. */
export interface CancelSupervisorMonitoring {
  operationName: "CancelSupervisorMonitoring";
}

/**
 * Name of a channel that an agent works on, such as voice, chat or email, in characters that can stand in a
 * path as they are.
 */
export type MediaChannelName = string;

/**
 * The state of the agent on a device or channel. Before a session it is Offline. After a session has
 * started and before a state has been set, it is LoggedIn, with neither id nor displayName. A contact
 * centre may have states of its own.
 */
export interface UserState {
  id?: string;
  displayName?: string;
  state: "LoggedIn" | "Ready" | "NotReady" | "LoggedOut" | (string & {});
  workMode?: string;
  reason?: string;
}

/**
 * A channel that the agent's session has. A capture lists channels other than voice, because the state of
 * voice belongs to the device. That voice is listed like the others is inferred, because public client
 * programs read the agent's state there.
 */
export interface MediaChannel {
  channel: MediaChannelName;
  dndState?: OnOff;
  userState?: UserState;
}

/** One channel of the agent's session, under its singular name. */
export interface ChannelAnswer {
  statusCode: 0;
  channel: MediaChannel;
}

/** Sets the agent's state to NotReady. When posted to /me, it applies to all of the agent's channels. */
export interface NotReady {
  operationName: "NotReady";
}

/**
 * Logs the agent out of their device without ending their session: the device stays Active and its user is
 * LoggedOut. Any other agent state logs the agent in again.
 */
export interface Offline {
  operationName: "Offline";
}

/** Sets the agent's state to Ready. When posted to /me, it applies to all of the agent's channels. */
export interface Ready {
  operationName: "Ready";
}

/**
 * Body of POST /me/channels/{channel}; operationName names the requested agent state. Besides the states
 * that every contact centre has, it accepts the custom agent states that settings/agent-states lists.
 */
export type ChannelOperation = AfterCallWork | AuxWork | NotReady | Offline | Ready;

export interface ChannelStateChangeData {
  messageType: "ChannelStateChangeMessageV2";
  channels: Array<MediaChannel>;
  metrics?: Metrics;
}

/** The agent's state on some of their channels changed. There is no notificationType. */
export interface ChannelStateChange {
  channel: "/v2/me/channels";
  data: ChannelStateChangeData;
}

export interface ChannelsAnswerUris {
  statusCode: 0;
  uris: Array<AbsoluteUri>;
}

/** A channel with the requested members; with fields=*, the whole MediaChannel. */
export type PartialMediaChannel = MediaChannel | { [name: string]: unknown };

export interface ChannelsAnswerChannels {
  statusCode: 0;
  channels: Array<PartialMediaChannel>;
}

/** The channels of the agent's session: their addresses or, with fields, the channels themselves. */
export type ChannelsAnswer = ChannelsAnswerUris | ChannelsAnswerChannels;

/** Lets the supervisor hear another agent's calls. Only that agent hears the supervisor. */
export interface Coach {
  operationName: "Coach";
  targetDeviceUri: DeviceUri;
  /**
   * With Agent, the supervisor is released when the agent leaves the call; with Call, the supervisor stays.
   * The default is Call.
   */
  supervisorMonitoringScope?: "Agent" | "Call";
  /**
   * NextCall covers one call and no more; AllCalls lasts until it is cancelled. The default is AllCalls.
   */
  supervisorMonitoringMode?: "NextCall" | "AllCalls";
  phoneNumber?: PhoneNumber;
}

export interface ContactPhoneNumbersItem {
  phoneNumber?: string;
  description?: string;
  switchName?: string;
}

/**
 * Somebody or something that an agent can call or transfer to: another user, a queue, or an entry that the
 * contact centre added. No member is required, because fields may leave any of them out.
 */
export interface Contact {
  id?: string;
  name?: string;
  type?: "User" | "Queue" | "Custom" | (string & {});
  phoneNumber?: string;
  phoneNumbers?: Array<ContactPhoneNumbersItem>;
  userName?: string;
  firstName?: string;
  lastName?: string;
  employeeId?: string;
  emailAddress?: string;
  businessUnits?: Array<unknown>;
  roles?: Array<string>;
  availability?: { [name: string]: unknown };
  uri?: AbsoluteUri;
  path?: string;
}

export interface ContactsAnswerUris {
  statusCode: 0;
  totalCount?: number;
  uris: Array<AbsoluteUri>;
}

export interface ContactsAnswerContacts {
  statusCode: 0;
  totalCount?: number;
  contacts: Array<Contact>;
}

/**
 * The contacts: their addresses or, with fields, the contacts themselves. totalCount counts all that match
 * the request.
 */
export type ContactsAnswer = ContactsAnswerUris | ContactsAnswerContacts;

/**
 * Identifies a device, in characters that can stand in a path as they are. It is a UUID in every sample; no
 * page requires that.
 */
export type DeviceId = string;

/** Name of an operation that is possible on the device at this moment. */
export type DeviceCapability =
  | "DoNotDisturbOn"
  | "DoNotDisturbOff"
  | "ForwardCallsOn"
  | "ForwardCallsOff"
  | "ListenIn"
  | "Coach"
  | "BargeIn"
  | "CancelSupervisorMonitoring"
  | (string & {});

/** The agent whom a supervisor's device monitors. Absent while it monitors nobody. */
export interface SupervisorMonitoringState {
  state: "ListenIn" | "Coach" | "BargeIn" | (string & {});
  mode?: "NextCall" | "AllCalls" | (string & {});
  scope?: "Agent" | "Call" | (string & {});
  targetDeviceUri?: DeviceUri;
}

/** Path of a device, /devices/ and its id, without /me and without /api/v2. */
export type DevicePath = string;

/**
 * An agent's telephone. Before and after a contact centre session, its user is LoggedOut. A device that is
 * not registered at the switch is Inactive and has no userState. The resource is the same in an answer and
 * in a notification. In capabilities, the documentation shows the supervisor's operations to supervisors
 * only.
 */
export interface Device {
  id: DeviceId;
  deviceState: "Active" | "Inactive";
  userState?: UserState;
  phoneNumber: string;
  description?: string;
  e164Number?: string;
  telephonyNetwork?: "Private" | "Public";
  doNotDisturb?: OnOff;
  forwardTo?: PhoneNumber;
  voiceEnvironmentUri?: AbsoluteUri;
  capabilities?: Array<DeviceCapability>;
  supervisorMonitoringState?: SupervisorMonitoringState;
  channels?: Array<string>;
  dynamicPhoneNumber?: string;
  uri?: DeviceUri;
  path?: DevicePath;
}

/** A device with the requested members; with fields=*, the whole Device. */
export type PartialDevice = Device | { [name: string]: unknown };

/** One device, under its singular name. */
export interface DeviceAnswer {
  statusCode: 0;
  device: PartialDevice;
}

export interface DeviceErrorNotificationData {
  messageType: "ErrorMessage";
  devicePath?: DevicePath;
  deviceUri?: DeviceUri;
  errorMessage?: string;
  errorCode?: number;
  metrics?: Metrics;
}

/**
 * A server behind the API refused a request about a device. The message names the device and has no text;
 * the HTTP answer says why.
 */
export interface DeviceErrorNotification {
  channel: "/v2/me/devices";
  data: DeviceErrorNotificationData;
}

/** Turns do-not-disturb off. */
export interface DoNotDisturbOff {
  operationName: "DoNotDisturbOff";
}

/**
 * Turns do-not-disturb on, so that nobody can reach the device. When posted to /me, it applies to all of
 * the agent's devices.
 */
export interface DoNotDisturbOn {
  operationName: "DoNotDisturbOn";
}

/** Ends the forwarding of calls. */
export interface ForwardCallsOff {
  operationName: "ForwardCallsOff";
}

/** Forwards calls to the destination, which is a plain string here, unlike in every call operation. */
export interface ForwardCallsOn {
  operationName: "ForwardCallsOn";
  destination: PhoneNumber;
}

/** Lets the supervisor hear another agent's calls without being heard by anyone. */
export interface ListenIn {
  operationName: "ListenIn";
  targetDeviceUri: DeviceUri;
  /**
   * With Agent, the supervisor is released when the agent leaves the call; with Call, the supervisor stays.
   * The default is Call.
   */
  supervisorMonitoringScope?: "Agent" | "Call";
  /**
   * NextCall covers one call and no more; AllCalls lasts until it is cancelled. The default is AllCalls.
   */
  supervisorMonitoringMode?: "NextCall" | "AllCalls";
  phoneNumber?: PhoneNumber;
}

/** Body of POST /me/devices/{id}; operationName names the requested operation. */
export type DeviceOperation =
  | BargeIn
  | CancelSupervisorMonitoring
  | Coach
  | DoNotDisturbOff
  | DoNotDisturbOn
  | ForwardCallsOff
  | ForwardCallsOn
  | ListenIn
  | SetCallDisposition;

export interface DeviceStateChangeData {
  messageType: "DeviceStateChangeMessage";
  devices: Array<Device>;
  metrics?: Metrics;
}

/**
 * A change of the agent's state on their device, or of what the device is set to. There is no
 * notificationType. Each device is whole, as a client would read it. Members that this contract does not
 * name are to be ignored.
 */
export interface DeviceStateChange {
  channel: "/v2/me/devices";
  data: DeviceStateChangeData;
}

export interface DevicesAnswerUris {
  statusCode: 0;
  uris: Array<AbsoluteUri>;
}

export interface DevicesAnswerDevices {
  statusCode: 0;
  devices: Array<PartialDevice>;
}

/** The agent's devices: their addresses or, with fields, the devices themselves. */
export type DevicesAnswer = DevicesAnswerUris | DevicesAnswerDevices;

/** Places a call from the device. */
export interface Dial {
  operationName: "Dial";
  destination: Destination;
  location?: Location;
  userData?: UserData;
  outboundCallerId?: string;
}

/** Body of POST /me/devices/{id}/calls; operationName names the requested operation. */
export type DiallingOperation = Dial;

export interface DtmfSentData {
  messageType: "CallStateChangeMessage";
  notificationType: "DtmfSent";
  call: Call;
  phoneNumber: PhoneNumber;
  extensions?: Extensions;
  metrics?: Metrics;
}

/** The digits of a SendDtmf were sent; the notification does not repeat them. */
export interface DtmfSent {
  channel: "/v2/me/calls";
  data: DtmfSentData;
}

/**
 * Logs the agent out, returns their device and ends the HTTP session; it is the last request of a session.
 * A CometD session that is still open is notified and may be disconnected before or afterwards (inferred),
 * by any client that sends credentials with the disconnect. What the cookie alone had opened ends with the
 * HTTP session (inferred): a held connect is answered, a WebSocket is closed. Calls continue (inferred).
 */
export interface EndContactCenterSession {
  operationName: "EndContactCenterSession";
}

export interface ErrorNotificationData {
  messageType: "ErrorMessage";
  errorMessage?: string;
  errorCode?: number;
  metrics?: Metrics;
}

/**
 * Reports that something went wrong after a request was accepted. The documentation does not say what it
 * carries for calls besides messageType.
 */
export interface ErrorNotification {
  channel: "/v2/me/calls";
  data: ErrorNotificationData;
}

/** Identifies a feature, such as api-voice, in characters that can stand in a path as they are. */
export type FeatureId = string;

/**
 * Something that the contact centre is allowed to do; the page of an operation names the feature that it
 * needs.
 */
export interface Feature {
  id: FeatureId;
  displayName?: string;
  description?: string;
  autoAssignOnContactCenterCreate?: boolean;
  uri?: AbsoluteUri;
  path?: string;
}

/** One feature, under its singular name. */
export interface FeatureAnswer {
  statusCode: 0;
  feature: Feature;
}

export interface FeaturesAnswerUris {
  statusCode: 0;
  uris: Array<AbsoluteUri>;
}

/** A feature with the requested members; with fields=*, the whole Feature. */
export type PartialFeature = Feature | { [name: string]: unknown };

export interface FeaturesAnswerFeatures {
  statusCode: 0;
  features: Array<PartialFeature>;
}

/** The features: their addresses or, with fields, the features themselves. */
export type FeaturesAnswer = FeaturesAnswerUris | FeaturesAnswerFeatures;

/**
 * A set of users, queues, dispositions or other objects, such as a business unit. contains names their
 * kinds. No member is required, because fields may leave any of them out.
 */
export interface Group {
  id?: string;
  name?: string;
  type?: "BusinessUnit" | "dispositions" | (string & {});
  contains?: Array<string>;
  defaultGroup?: boolean;
  uri?: AbsoluteUri;
  path?: string;
}

export interface GroupsAnswerUris {
  statusCode: 0;
  uris: Array<AbsoluteUri>;
}

export interface GroupsAnswerGroups {
  statusCode: 0;
  groups: Array<Group>;
}

/** The groups: their addresses or, with fields, the groups themselves. */
export type GroupsAnswer = GroupsAnswerUris | GroupsAnswerGroups;

/** The settings of one section by their names, with any values. */
export type SettingsSection = { [name: string]: unknown };

/**
 * What the agent's desktop is set to: sections by their names, and in each section the settings by theirs;
 * no sections where nothing is set. An internal address of a captured server lists the sections in an array
 * instead, so that form is accepted too.
 */
export type UserSettings = { [name: string]: SettingsSection } | Array<SettingsSection>;

/** The requesting agent, with the requested subresources that apply. */
export interface UserResource {
  id: string;
  userName: string;
  firstName?: string;
  lastName?: string;
  emailAddress?: string;
  roles?: Array<string>;
  enabled?: boolean;
  changePasswordOnFirstLogin?: boolean;
  contactCenterId?: string;
  uri?: AbsoluteUri;
  path?: string;
  devices?: Array<Device>;
  calls?: Array<Call>;
  channels?: Array<MediaChannel>;
  channelStates?: Array<MediaChannel>;
  features?: Array<Feature>;
  settings?: UserSettings;
  interactions?: Array<unknown>;
  chats?: Array<unknown>;
}

/** A single resource, under its singular name. */
export interface MeAnswer {
  statusCode: 0;
  user: UserResource;
}

export interface StartContactCenterSessionMobileSession {
  mobileDeviceId?: string;
  mobilePushType?: string;
  debug?: boolean;
}

/**
 * Logs the agent in on the named channels: with voice, their device is Active and its user LoggedIn. If it
 * fails for some of the channels, the answer is partial success; if it fails for all of them, the answer is
 * the refusal of one of them. It changes nothing for a session that has already started. Calls do not need
 * the session (inferred: public client programs operate on calls without one); agent states do. devicePath
 * names the device of the session; without it, the session is on the device of the place, or on the agent's
 * own. queue and loginCode are for a T-Server, mobileSession for the push service of a mobile client.
 */
export interface StartContactCenterSession {
  operationName: "StartContactCenterSession";
  channels: Array<string>;
  place?: string;
  queue?: string;
  loginCode?: string;
  devicePath?: string;
  mobileSession?: StartContactCenterSessionMobileSession;
}

/**
 * Body of POST /me; operationName names the requested operation. An agent state is set on all of the
 * agent's channels; custom agent states are accepted as on a channel.
 */
export type MeOperation =
  | AfterCallWork
  | AuxWork
  | DoNotDisturbOff
  | DoNotDisturbOn
  | EndContactCenterSession
  | NotReady
  | Offline
  | Ready
  | StartContactCenterSession;

export interface MonitoredUserMutedStateChangeData {
  messageType: "CallStateChangeMessage";
  notificationType: "MonitoredUserMutedStateChange";
  call: Call;
  phoneNumber: PhoneNumber;
  extensions?: Extensions;
  metrics?: Metrics;
}

/** The supervisor of the call muted the monitored agent, or unmuted them. */
export interface MonitoredUserMutedStateChange {
  channel: "/v2/me/calls";
  data: MonitoredUserMutedStateChangeData;
}

/**
 * Identifies a service, in characters that can stand in a path as they are. A capture shows UUIDs and words
 * in capitals.
 */
export type ServiceId = string;

/**
 * A service behind the API, such as a switch. A device's voiceEnvironmentUri ends with the id of the
 * service that the device belongs to.
 */
export interface Service {
  id: ServiceId;
  name: string;
  type: 
  | "Provisioning"
  | "Voice"
  | "MultiMediaState"
  | "MultiMediaContent"
  | (string & {});
  state: "Active" | "Inactive" | (string & {});
  uri?: AbsoluteUri;
  path?: string;
}

/** A service with the requested members; with fields=*, the whole Service. */
export type PartialService = Service | { [name: string]: unknown };

export interface ParticipantsUpdatedData {
  messageType: "CallStateChangeMessage";
  notificationType: "ParticipantsUpdated";
  call: Call;
  phoneNumber: PhoneNumber;
  extensions?: Extensions;
  metrics?: Metrics;
}

/** A party joined or left the call. */
export interface ParticipantsUpdated {
  channel: "/v2/me/calls";
  data: ParticipantsUpdatedData;
}

export interface PartlyDoneSucceededItem {
  statusCode: 0;
  channel: string;
}

export interface PartlyDoneFailedItem {
  statusCode: number;
  statusMessage: string;
  channel: string;
}

/** A bulk operation succeeded for some of its parts. There is no statusMessage at the top level. */
export interface PartlyDone {
  statusCode: 7;
  succeeded: Array<PartlyDoneSucceededItem>;
  failed: Array<PartlyDoneFailedItem>;
}

/**
 * Why a request was refused. The code 0 belongs to Accepted and to the answers of GET, the code 7 to
 * PartlyDone. x-codes gives the meaning of each code, the version that it dates from and the HTTP status
 * that it comes with.
 */
export type StatusCode = number;

/** The server refused the request and changed nothing. The answer has no other members. */
export interface Refused {
  statusCode: StatusCode;
  statusMessage: string;
}

/** One service, under its singular name. */
export interface ServiceAnswer {
  statusCode: 0;
  service: Service;
}

export interface ServicesAnswerUris {
  statusCode: 0;
  uris: Array<AbsoluteUri>;
}

export interface ServicesAnswerServices {
  statusCode: 0;
  services: Array<PartialService>;
}

/** The services behind the API: their addresses or, with fields, the services themselves. */
export type ServicesAnswer = ServicesAnswerUris | ServicesAnswerServices;

export interface StatusChangeData {
  messageType: "CallStateChangeMessage";
  notificationType: "StatusChange";
  call: Call;
  phoneNumber: PhoneNumber;
  extensions?: Extensions;
  metrics?: Metrics;
}

/** The state of a leg changed, or a property that belongs to its state. */
export interface StatusChange {
  channel: "/v2/me/calls";
  data: StatusChangeData;
}

export interface TServerSettingsAnswerSettingsItem {
  name: string;
  value: string;
}

/** The switch configuration of a device. key is the member that distinguishes the settings. */
export interface TServerSettingsAnswer {
  statusCode: 0;
  settings: Array<TServerSettingsAnswerSettingsItem>;
  key?: string;
}

/** The version of the API that is served. */
export interface VersionAnswer {
  statusCode: 0;
  version: string;
}

/** Whatever the server sends on its own. */
export type Notification =
  | AttachedDataChanged
  | CallNotification
  | CallRecordingStateChange
  | ChannelStateChange
  | DeviceErrorNotification
  | DeviceStateChange
  | DtmfSent
  | ErrorNotification
  | MonitoredUserMutedStateChange
  | ParticipantsUpdated
  | StatusChange;

/**
 * The data of whatever the server sends: messageType tells its kind, notificationType the news about a
 * call.
 */
export type NotificationData =
  | AttachedDataChangedData
  | CallEventData
  | CallRecordingStateChangeData
  | ChannelStateChangeData
  | DeviceErrorNotificationData
  | DeviceStateChangeData
  | DtmfSentData
  | ErrorNotificationData
  | MonitoredUserMutedStateChangeData
  | ParticipantsUpdatedData
  | StatusChangeData;
