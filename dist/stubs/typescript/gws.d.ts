// Generated from version 0.1.0 of the contract by callproof stubs; do not edit.

/** An absolute http or https address under the configured public base. */
export type AbsoluteUri = string;

/**
 * The request was taken and passed on; what comes of it is told by notification. There is no statusMessage.
 */
export interface Accepted {
  statusCode: 0;
  statusMessage?: never;
}

/** Answers a ringing call. */
export interface Answer {
  operationName: "Answer";
}

/**
 * Key and value data attached to a call. Values are strings, numbers, null or nested objects. In a call it
 * is absent when there is none, never an empty object.
 */
export type UserData = { [name: string]: unknown };

/**
 * Adds key and value pairs to the user data of the call. The page says that a key which is there is kept
 * beside the new one; a JSON object cannot show both, and the new value is shown.
 */
export interface AttachUserData {
  operationName: "AttachUserData";
  userData: UserData;
}

/**
 * Identifies a leg towards its agent. Since 8.5.2 it equals callUuid, 32 characters of 0-9 and A-V; other
 * servers may shape it otherwise, so the contract asks only that it can stand in a path. It never changes
 * while the leg lives.
 */
export type CallId = string;

/**
 * State of a leg. Released is final. Preview and PreviewCancelled belong to push-preview outbound calls and
 * are known from client programs only.
 */
export type CallState =
  | "Dialing"
  | "Ringing"
  | "Established"
  | "Held"
  | "Released"
  | "Preview"
  | "PreviewCancelled";

/** The call's universally unique id in the switch's base-32 form. */
export type CallUuid = string;

/** The T-Server connection id, sixteen hexadecimal digits. */
export type ConnId = string;

/** Absolute address of the device whose view the leg is. It has no /me. */
export type DeviceUri = string;

/**
 * A directory number as it is dialled. Letters and SIP user characters occur in switch numbers, blanks do
 * not.
 */
export type PhoneNumber = string;

/** The digits of a participant's number, as the switch has them. */
export type DialledDigits = string;

/** Another party of the call; never the agent himself. */
export interface Participant {
  /** The number in E.164 form; empty for an internal number. */
  e164Number?: string;
  formattedPhoneNumber?: string;
  phoneNumber: PhoneNumber;
  digits?: DialledDigits;
}

/**
 * Kind of call as the switch reports it. The documentation gives its list as examples, so other words are
 * possible. A conference keeps the type the call had before.
 */
export type CallType = "Internal" | "Inbound" | "Outbound" | "Consult" | (string & {});

/**
 * Name of an operation that is possible on the leg at this moment. A server may offer operations that this
 * contract does not describe; the documented names are listed.
 */
export type Capability =
  | "Answer"
  | "AttachUserData"
  | "ClearCall"
  | "CompleteConference"
  | "CompleteTransfer"
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

/** Absolute address of a leg. It has /me/calls. */
export type CallUri = string;

/** Path of a leg, without /me and without /api/v2. */
export type CallPath = string;

/** Whole seconds, written as a string of digits. */
export type Seconds = string;

/** A switch written as a word, not as a boolean. */
export type OnOff = "On" | "Off";

/** State of the leg's recording; present only where recording is available. */
export type RecordingState = "Stopped" | "Recording" | "Paused";

/**
 * A leg, which is one agent's view of a call. Members that this contract does not know are to be ignored.
 * The ids of two agents' legs of one call may be the same or different.
 */
export interface Call {
  id: CallId;
  state: CallState;
  callUuid: CallUuid;
  connId?: ConnId;
  deviceUri: DeviceUri;
  /** The other parties, never the agent himself. */
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

/** T-Library extensions of the event. Absent when there are none, never empty. */
export interface Extensions {
  BusinessCall?: number;
  WrapUpTime?: number;
}

export interface AttachedDataChangedData {
  messageType: "CallStateChangeMessage";
  notificationType: "AttachedDataChanged";
  call: Call;
  phoneNumber: PhoneNumber;
  extensions?: Extensions;
}

/**
 * The user data of the call changed, by whoever of its parties. The call carries all of it, and no userData
 * when nothing is left.
 */
export interface AttachedDataChanged {
  channel: "/v2/me/calls";
  data: AttachedDataChangedData;
}

/** One leg, under its singular name. */
export interface CallAnswer {
  statusCode: 0;
  call: Call;
}

/**
 * What kind of news about the call it is. StatusChange comes also when the state stays as it is, for
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
 * What every notification about a call carries. phoneNumber is the agent's own number. Members that this
 * contract does not know are to be ignored; real servers send data.metrics.
 */
export interface CallEventData {
  messageType: "CallStateChangeMessage";
  notificationType: NotificationType;
  call: Call;
  phoneNumber: PhoneNumber;
  extensions?: Extensions;
}

/**
 * A notification about a call whose notificationType this version of the contract has no schema of its own
 * for. The envelope and the call are held to the same rules.
 */
export interface CallNotification {
  channel: "/v2/me/calls";
  data: CallEventData;
}

/** Ends a call for all its parties; any party may. It is offered where the switch allows it. */
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
 * Connects the held party to the party of the consult call, and takes the agent out of both. It may be
 * posted to the consult call or to the parent, and before the consult call is answered.
 */
export interface CompleteTransfer {
  operationName: "CompleteTransfer";
  consultCallUri?: CallUri;
}

/** Deletes all user data of the call. */
export interface DeleteUserData {
  operationName: "DeleteUserData";
}

/** Deletes one pair of the user data of the call. */
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
 * Starts a conference in two steps: the named call goes on hold and a consult call to the destination is
 * opened, which CompleteConference later joins to it.
 */
export interface InitiateConference {
  operationName: "InitiateConference";
  destination: Destination;
  location?: Location;
  userData?: UserData;
}

/**
 * Starts a transfer in two steps: the named call goes on hold and a consult call to the destination is
 * opened, to which CompleteTransfer later connects the held party.
 */
export interface InitiateTransfer {
  operationName: "InitiateTransfer";
  destination: Destination;
  location?: Location;
  userData?: UserData;
}

/**
 * Mutes the agent, whom the other parties do not hear any more. It is offered where the switch can mute.
 */
export interface MuteCall {
  operationName: "MuteCall";
}

/** Mutes the agent whom the supervisor monitors, to take over the call. */
export interface MuteMonitoredUser {
  operationName: "MuteMonitoredUser";
}

/** Stops recording the call for a while. */
export interface PauseCallRecording {
  operationName: "PauseCallRecording";
}

/**
 * Rejects a ringing call that came through a queue; the call goes back to its queue. A call that came
 * straight to the agent cannot be rejected.
 */
export interface Reject {
  operationName: "Reject";
}

/** Removes a party from a conference. Only the owner of the conference or a monitoring supervisor may. */
export interface RemoveParticipantFromConference {
  operationName: "RemoveParticipantFromConference";
  participant: PhoneNumber;
}

/** Goes on recording the call after a pause. */
export interface ResumeCallRecording {
  operationName: "ResumeCallRecording";
}

/** Takes a held call back. */
export interface Retrieve {
  operationName: "Retrieve";
}

/**
 * Keys of a telephone, in the order in which they are pressed. The page names the digits only; the star and
 * the hash are inferred.
 */
export type DtmfDigits = string;

/** Sends digits to the other party. */
export interface SendDtmf {
  operationName: "SendDtmf";
  digits: DtmfDigits;
}

/** Calls another party into the call at once, without a consult call. */
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

/** Takes the call on hold back and puts the other one on hold. It may be posted to either of the two. */
export interface SwapCalls {
  operationName: "SwapCalls";
  otherCallUri: CallUri;
}

/**
 * Lets a supervisor who listens in or coaches be heard by all parties of the call. There is no way back to
 * coaching.
 */
export interface SwitchToBargeIn {
  operationName: "SwitchToBargeIn";
}

/** Lets a supervisor who coaches or has barged in only listen. There is no way back to coaching. */
export interface SwitchToListenIn {
  operationName: "SwitchToListenIn";
}

/** Lets the other parties hear the agent again. */
export interface UnmuteCall {
  operationName: "UnmuteCall";
}

/** Lets the monitored agent be heard again. */
export interface UnmuteMonitoredUser {
  operationName: "UnmuteMonitoredUser";
}

/**
 * Adds key and value pairs to the user data of the call, replaces the values of keys that are there and
 * leaves the others.
 */
export interface UpdateUserData {
  operationName: "UpdateUserData";
  userData: UserData;
}

/** Body of POST /me/calls/{id}; operationName says which operation is asked for. */
export type CallOperation =
  | Answer
  | AttachUserData
  | ClearCall
  | CompleteConference
  | CompleteTransfer
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
}

/** Recording of the call was started, stopped, paused or resumed; recordingState says which. */
export interface CallRecordingStateChange {
  channel: "/v2/me/calls";
  data: CallRecordingStateChangeData;
}

export interface CallsAnswerUris {
  statusCode: 0;
  uris: Array<CallUri>;
}

/** A leg with the members that were asked for; with fields=* it is the whole Call. */
export type PartialCall = Call | { [name: string]: unknown };

export interface CallsAnswerCalls {
  statusCode: 0;
  calls: Array<PartialCall>;
}

/** The agent's legs: their addresses, or with fields the legs themselves. */
export type CallsAnswer = CallsAnswerUris | CallsAnswerCalls;

/** Identifies a device; a UUID in every sample. */
export type DeviceId = string;

export interface DeviceUserState {
  id: string;
  displayName: string;
  state: string;
  workMode?: string;
  reason?: string;
}

/** An agent's telephone. */
export interface Device {
  id: DeviceId;
  deviceState: "Active" | "Inactive";
  phoneNumber: PhoneNumber;
  e164Number?: string;
  telephonyNetwork?: "Private" | "Public";
  doNotDisturb?: OnOff;
  userState?: DeviceUserState;
  capabilities?: Array<string>;
  uri: DeviceUri;
  path: string;
}

/** Places a call from the device. */
export interface Dial {
  operationName: "Dial";
  destination: Destination;
  location?: Location;
  userData?: UserData;
  outboundCallerId?: string;
}

/** Body of POST /me/devices/{id}/calls; operationName says which operation is asked for. */
export type DeviceOperation = Dial;

export interface DevicesAnswerUris {
  statusCode: 0;
  uris: Array<AbsoluteUri>;
}

export interface DevicesAnswerDevices {
  statusCode: 0;
  devices: Array<Device>;
}

/** The agent's devices: their addresses, or with fields the devices themselves. */
export type DevicesAnswer = DevicesAnswerUris | DevicesAnswerDevices;

export interface DtmfSentData {
  messageType: "CallStateChangeMessage";
  notificationType: "DtmfSent";
  call: Call;
  phoneNumber: PhoneNumber;
  extensions?: Extensions;
}

/** The digits of a SendDtmf were sent; they are not repeated here. */
export interface DtmfSent {
  channel: "/v2/me/calls";
  data: DtmfSentData;
}

/** Logs the agent out and ends the HTTP session; it is the last request of a session. */
export interface EndContactCenterSession {
  operationName: "EndContactCenterSession";
}

export interface ErrorNotificationData {
  messageType: "ErrorMessage";
  errorMessage?: string;
  errorCode?: number;
}

/**
 * Tells that something went wrong after a request had been taken. What it carries besides messageType is
 * not documented for calls.
 */
export interface ErrorNotification {
  channel: "/v2/me/calls";
  data: ErrorNotificationData;
}

/** The agent who asks, with the subresources that were asked for and apply. */
export interface UserResource {
  id: string;
  userName: string;
  firstName?: string;
  lastName?: string;
  emailAddress?: string;
  roles?: Array<string>;
  enabled?: boolean;
  changePasswordOnFirstLogin?: boolean;
  uri: AbsoluteUri;
  path: string;
  devices?: Array<Device>;
  calls?: Array<Call>;
}

/** A singular resource comes under its singular name. */
export interface MeAnswer {
  statusCode: 0;
  user: UserResource;
}

/** Logs the agent in on the named channels. */
export interface StartContactCenterSession {
  operationName: "StartContactCenterSession";
  channels: Array<string>;
  place?: string;
  queue?: string;
  loginCode?: string;
  devicePath?: string;
}

/** Body of POST /me; operationName says which operation is asked for. */
export type MeOperation = EndContactCenterSession | StartContactCenterSession;

export interface MonitoredUserMutedStateChangeData {
  messageType: "CallStateChangeMessage";
  notificationType: "MonitoredUserMutedStateChange";
  call: Call;
  phoneNumber: PhoneNumber;
  extensions?: Extensions;
}

/** The supervisor of the call muted the monitored agent, or let him be heard again. */
export interface MonitoredUserMutedStateChange {
  channel: "/v2/me/calls";
  data: MonitoredUserMutedStateChangeData;
}

export interface ParticipantsUpdatedData {
  messageType: "CallStateChangeMessage";
  notificationType: "ParticipantsUpdated";
  call: Call;
  phoneNumber: PhoneNumber;
  extensions?: Extensions;
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

/** A bulk operation succeeded for some of its parts. There is no statusMessage at the top. */
export interface PartlyDone {
  statusCode: 7;
  succeeded: Array<PartlyDoneSucceededItem>;
  failed: Array<PartlyDoneFailedItem>;
}

/**
 * Outcome of a request. 0: done, or taken and passed on. 1: a required parameter is missing. 2: a parameter
 * is not valid in the current state. 3: operation forbidden. 4: internal error. 5: permission missing. 6:
 * resource not found. 7: partial success of a bulk operation. 8: password must be changed. 9: processing
 * not complete. 10: value out of its range. 11: read-only property. 12 to 15: resource cannot be retrieved,
 * created, deleted, updated. 16 and 17: cannot be assigned, unassigned. 18 and 19: already exists, already
 * in use. 20: not authenticated.
 */
export type StatusCode = number;

/** The request was refused and nothing was changed. */
export interface Refused {
  statusCode: StatusCode;
  statusMessage: string;
}

export interface StatusChangeData {
  messageType: "CallStateChangeMessage";
  notificationType: "StatusChange";
  call: Call;
  phoneNumber: PhoneNumber;
  extensions?: Extensions;
}

/** The state of a leg changed, or a property that belongs to its state. */
export interface StatusChange {
  channel: "/v2/me/calls";
  data: StatusChangeData;
}

/** Whatever the server sends on its own. */
export type Notification =
  | AttachedDataChanged
  | CallNotification
  | CallRecordingStateChange
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
  | DtmfSentData
  | ErrorNotificationData
  | MonitoredUserMutedStateChangeData
  | ParticipantsUpdatedData
  | StatusChangeData;
