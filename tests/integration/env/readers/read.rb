# Reads env files by Ruby's dotenv: `read.rb FILE...`. Prints a line of JSON for each file.
# RUBYLIB says where the gem is, where it is not installed as one.

require "json"
require "dotenv"

ARGV.each do |path|
  seen = begin
    Dotenv.parse(path)
  rescue StandardError, SyntaxError
    "refused"
  end
  puts JSON.generate(seen)
end
