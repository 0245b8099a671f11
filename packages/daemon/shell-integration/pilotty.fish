# Marks prompts, commands and their output for pilotty (OSC 133) and reports the directory (OSC 7). Read with
# --init-command after the user's own configuration. From version 4 on fish does all of this itself.
#
# There is no mark behind the prompt: it would need a fish_prompt of ours, which funcsave would write into the user's
# files.
if status is-interactive; and string match -q '3.*' -- $version
    function __pilotty_before_prompt --on-event fish_prompt
        # `commandline` may have put a text there for its user to go on with.
        set --local text (commandline | string collect)
        test -n "$text"; and set text ';text=1'
        printf '\e]7;file://%s%s\a\e]133;A%s\a' "$hostname" (string escape --style=url -- $PWD) "$text"
    end

    function __pilotty_before_command --on-event fish_preexec
        set --local line (string sub --length 2000 -- "$argv[1]" | string collect)
        printf '\e]133;C;cmdline_url=%s\a' (string escape --style=url -- "$line")
    end

    function __pilotty_after_command --on-event fish_postexec
        printf '\e]133;D;%s\a' $status
    end
end
