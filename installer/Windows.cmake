# An installer for the console and the command line on Windows. NOT TRIED: Chancery was never built there. The nodes and
# the agent need Unix processes and sockets and are left out; keys in the keychain would be kept by Qt's library.
set(CPACK_GENERATOR NSIS ZIP)
set(CPACK_COMPONENTS_ALL chancery)
set(CPACK_PACKAGE_INSTALL_DIRECTORY Chancery)
set(CPACK_PACKAGE_EXECUTABLES chancery Chancery)
set(CPACK_NSIS_DISPLAY_NAME Chancery)
set(CPACK_NSIS_MODIFY_PATH ON)
set(CPACK_NSIS_ENABLE_UNINSTALL_BEFORE_INSTALL ON)
