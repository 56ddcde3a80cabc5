/** What makes a system run the client: a unit of systemd, a plist of launchd, and for Windows what to type. */

import { serviceName } from "./places.ts";

export interface ServiceUnit {
  /** Where the system looks for it. */
  readonly path: string;
  readonly text: string;
  /** What the operator types next. */
  readonly after: readonly string[];
  readonly before: readonly string[];
}

export interface UnitGiven {
  /** The program and, where it is no executable of its own, what runs it. */
  readonly program: string;
  readonly configFile: string;
}

/** `undefined`: this system takes no file. */
export function serviceUnit(platform: string, given: UnitGiven): ServiceUnit | undefined {
  if (platform === "linux") return systemdUnit(given);
  if (platform === "darwin") return launchdUnit(given);
  return undefined;
}

/** Windows runs no program as a service that does not speak to its service manager; the task scheduler runs any. */
export function windowsNotes({ program, configFile }: UnitGiven): readonly string[] {
  const run = `\\"${program}\\" client run --config \\"${configFile}\\"`;
  return [
    "Windows: type this as administrator; the task starts with the machine and goes on without a user.",
    `schtasks /Create /TN Nameward /SC ONSTART /RU "NT AUTHORITY\\LOCAL SERVICE" /TR "${run}"`,
    "schtasks /Run /TN Nameward",
  ];
}

/**
 * A user of its own, an own view of the disk, no way to gain rights. The configuration is handed over as a credential, so
 * that it can stay readable by root alone. The runtime compiles as it goes: W^X cannot be asked of it.
 */
function systemdUnit({ program, configFile }: UnitGiven): ServiceUnit {
  const text = `[Unit]
Description=Nameward update client
Documentation=man:systemd.service(5)
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=1h
StartLimitBurst=10

[Service]
ExecStart="${program}" client run --config %d/client.yaml
LoadCredential=client.yaml:${configFile}
Restart=on-failure
RestartSec=60
RestartPreventExitStatus=2
DynamicUser=yes
StateDirectory=${serviceName}
StateDirectoryMode=0700
RuntimeDirectory=${serviceName}
RuntimeDirectoryMode=0755
UMask=0077
CapabilityBoundingSet=
AmbientCapabilities=
NoNewPrivileges=yes
LockPersonality=yes
PrivateDevices=yes
PrivateTmp=yes
ProcSubset=all
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=read-only
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources

[Install]
WantedBy=multi-user.target
`;
  return {
    path: `/etc/systemd/system/${serviceName}.service`,
    text,
    after: ["systemctl daemon-reload", `systemctl enable --now ${serviceName}`],
    before: [`systemctl disable --now ${serviceName}`],
  };
}

function launchdUnit({ program, configFile }: UnitGiven): ServiceUnit {
  const words = [program, "client", "run", "--config", configFile];
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>org.nameward.client</string>
  <key>ProgramArguments</key>
  <array>
${words.map((word) => `    <string>${escapeXml(word)}</string>`).join("\n")}
  </array>
  <key>RunAtLoad</key><true/>
  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>
  <key>ThrottleInterval</key><integer>60</integer>
  <key>StandardErrorPath</key><string>/var/log/${serviceName}.log</string>
  <key>Umask</key><integer>63</integer>
</dict>
</plist>
`;
  const path = "/Library/LaunchDaemons/org.nameward.client.plist";
  return {
    path,
    text,
    after: [`launchctl bootstrap system ${path}`],
    before: ["launchctl bootout system/org.nameward.client"],
  };
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
