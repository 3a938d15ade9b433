<?php
// Reads env files by PHP's phpdotenv: `read.php AUTOLOAD FILE...`. Prints a line of JSON for each file.
require $argv[1];
foreach (array_slice($argv, 2) as $path) {
    try {
        $seen = (object) array_filter(Dotenv\Dotenv::createArrayBacked(dirname($path), basename($path))->load(), 'is_string');
    } catch (Throwable $error) {
        $seen = 'refused';
    }
    echo json_encode($seen, JSON_THROW_ON_ERROR), "\n";
}
