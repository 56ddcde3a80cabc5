/** Every setting of the update client that is not a service's own: file, flags, environment and help come from here. */

export interface ClientSetting {
  readonly doc: string;
  /** Follows "wanted". */
  readonly wants: string;
  /** Stands for the value in help. */
  readonly placeholder: string;
  readonly isList: boolean;
}

const duration = "a number and s, m, h or d, as 5m";

/** Of the whole client. */
export const wholeSettings = {
  poll: {
    doc: "How often the address is looked at; between 30s and 1d. 5m when not given.",
    wants: `${duration}, from 30s to 1d`,
    placeholder: "5m",
    isList: false,
  },
  state: {
    doc: "The folder of the memory: what each service has accepted.",
    wants: "a path",
    placeholder: "DIR",
    isList: false,
  },
} as const satisfies Record<string, ClientSetting>;

const sourceWants = "`off`, or sources in the order in which they are asked";

/** Of one profile, beside those of its service. */
export const profileSettings = {
  service: {
    doc: "The dialect of the service.",
    wants: "a dialect",
    placeholder: "DIALECT",
    isList: false,
  },
  hosts: {
    doc: "The names to keep; another machine's name is followed by its IPv6 interface identifier.",
    wants: "names",
    placeholder: "NAMES",
    isList: true,
  },
  ipv4: {
    doc: "Where the IPv4 address is learnt; off when not given.",
    wants: sourceWants,
    placeholder: "SOURCE",
    isList: true,
  },
  ipv6: {
    doc: "Where the IPv6 address is learnt; off when not given.",
    wants: sourceWants,
    placeholder: "SOURCE",
    isList: true,
  },
  private: {
    doc: "Whether addresses of the local network are taken; no when not given.",
    wants: "yes or no",
    placeholder: "no",
    isList: false,
  },
  "resend-after": {
    doc: "When an address that did not change is sent again, before the service forgets the host; 25d when not given.",
    wants: `${duration}, from 1d`,
    placeholder: "25d",
    isList: false,
  },
  "on-change": {
    doc: "A program with its arguments, run after a change was accepted; no shell reads it.",
    wants: "a program and its arguments",
    placeholder: "PROGRAM",
    isList: true,
  },
} as const satisfies Record<string, ClientSetting>;

export type WholeSetting = keyof typeof wholeSettings;
export type ProfileSetting = keyof typeof profileSettings;

export function isWholeSetting(name: string): name is WholeSetting {
  return Object.hasOwn(wholeSettings, name);
}

export function isProfileSetting(name: string): name is ProfileSetting {
  return Object.hasOwn(profileSettings, name);
}

/** `NAMEWARD_CLIENT_RESEND_AFTER` */
export function clientVariableOf(name: string): string {
  return `NAMEWARD_CLIENT_${name.toUpperCase().replaceAll("-", "_")}`;
}
