<?php
// Adminer with the server of ADMINER_DEFAULT_SERVER filled in. It does not look for new versions, and always requires a password.
const ADMINER_DIR = '/usr/share/adminer';

function adminer_object() {
    include_once ADMINER_DIR . '/plugins/version-noverify.php';

    class AdminerOfThisStack extends Adminer\Plugins {
        function loginFormField(string $name, string $heading, string $value): string {
            $server = getenv('ADMINER_DEFAULT_SERVER');
            if ($name === 'server' && $server) {
                $value = str_replace('value="" title', 'value="' . Adminer\h($server) . '" title', $value);
            }
            return $heading . $value . "\n";
        }
    }

    return new AdminerOfThisStack([new AdminerVersionNoverify()]);
}

include ADMINER_DIR . '/adminer.php';
