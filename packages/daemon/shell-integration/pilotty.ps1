# Marks prompts, commands and their output for pilotty (OSC 133), and reports command lines (OSC 633;E) and the
# directory (OSC 7). Read by `-NoExit -Command`, behind the profiles of its user, whose `prompt` it calls.
#
# Where something is missing, nothing is marked: a language mode that forbids functions of ours, or no PSReadLine,
# without which nothing says where output begins.

if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') { return }
if ($null -eq $function:PSConsoleHostReadLine -or $null -ne $Global:__pilotty) { return }

$Global:__pilotty = @{
    Prompt       = $function:prompt
    ReadLine     = $function:PSConsoleHostReadLine
    # A command has been begun, and its end not been reported.
    IsRunning    = $false
    # As they were before that command.
    LastError    = $null
    LastHistory  = $null
}

function Global:prompt {
    # Any statement sets it, so it is read by the first.
    $succeeded = $global:?
    Set-StrictMode -Off
    $escape = [char]27
    $end = [char]7
    $marks = ''
    if ($Global:__pilotty.IsRunning) {
        $Global:__pilotty.IsRunning = $false
        $marks += "$escape]133;D$(__pilotty_exit_code $succeeded)$end"
    }
    $location = $ExecutionContext.SessionState.Path.CurrentLocation
    if ($location.Provider.Name -eq 'FileSystem') {
        $names = foreach ($name in $location.ProviderPath.Split('/')) { [uri]::EscapeDataString($name) }
        $marks += "$escape]7;file://$([Environment]::MachineName)$($names -join '/')$end"
    }
    $marks += "$escape]133;A$end"
    # For a prompt that shows it.
    if (-not $succeeded) { Write-Error 'failed' -ErrorAction Ignore }
    $text = & $Global:__pilotty.Prompt
    # What its host shows where a prompt is nothing.
    if ("$text" -eq '') { $text = 'PS>' }
    "$marks$text$escape]133;B$end"
}

# ';' and the exit code, or nothing where it cannot be known. $LASTEXITCODE is that of the last program, however long
# ago it ran: it counts where the command failed, and PowerShell has added no error of its own.
function Global:__pilotty_exit_code([bool] $succeeded) {
    Set-StrictMode -Off
    $history = Get-History -Count 1
    if ($null -eq $history -or $history.Id -eq $Global:__pilotty.LastHistory -or $history.ExecutionStatus -eq 'Stopped') { return '' }
    if ($succeeded) { return ';0' }
    $code = $global:LASTEXITCODE
    # pwsh itself ends with 1 after an error of its own.
    if ($code -isnot [int] -or $code -eq 0) { return ';1' }
    if ([object]::ReferenceEquals($global:Error[0], $Global:__pilotty.LastError)) { return ";$code" }
    return ''
}

function Global:PSConsoleHostReadLine {
    # The first statement: it reads how the last command ended.
    $line = & $Global:__pilotty.ReadLine
    Set-StrictMode -Off
    if (-not [string]::IsNullOrWhiteSpace($line)) {
        $Global:__pilotty.LastError = $global:Error[0]
        $Global:__pilotty.LastHistory = (Get-History -Count 1).Id
        $Global:__pilotty.IsRunning = $true
        $shown = "$line"
        if ($shown.Length -gt 2000) { $shown = $shown.Substring(0, 2000) }
        $shown = $shown.Replace('\', '\\').Replace(';', '\x3b').Replace("`n", '\x0a') -replace '[\x00-\x1f\x7f]', ''
        [Console]::Write("$([char]27)]633;E;$shown$([char]7)$([char]27)]133;C$([char]7)")
    }
    $line
}
