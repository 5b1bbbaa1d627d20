### Settings, in the console.

console-settings = Settings
settings-lead = What holds, and where it comes from. What the configuration file or the environment sets holds until it is changed there; some of the rest may change here, and every server goes by it within a second.
setting-default = Default
setting-file = File
setting-environment = Environment
setting-run-time = Changed here
setting-on = yes
setting-off = no
setting-back = Take the change back
setting-secret = Set; it is shown to nobody.
setting-no-secret = Not set.
setting-none = Not set.
