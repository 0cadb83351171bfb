# cmake -DFROM=folder with package.json and its lock -DTO=folder -P npm.cmake: what the lock names, in TO/node_modules.
# Done once for each lock: a file holds the hash of what was installed.
cmake_minimum_required(VERSION 3.25)
file(SHA256 ${FROM}/package-lock.json wanted)
set(stamp ${TO}/node_modules/.installed)
if(EXISTS ${stamp})
  file(READ ${stamp} present)
  if(present STREQUAL wanted)
    return()
  endif()
endif()
find_program(NPM npm REQUIRED)
file(COPY ${FROM}/package.json ${FROM}/package-lock.json DESTINATION ${TO})
# Nothing of what is installed needs compiling; the optional packages are for hardware tokens.
execute_process(COMMAND ${NPM} ci --ignore-scripts --omit=optional --no-audit --no-fund WORKING_DIRECTORY ${TO}
                COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${stamp} ${wanted})
