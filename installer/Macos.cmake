# A disk image for the console and the command line on macOS. NOT TRIED: Chancery was never built there, and the image is
# neither signed nor notarised. The agent would need a plist for launchd in place of the unit for systemd.
set(CPACK_GENERATOR DragNDrop TGZ)
set(CPACK_COMPONENTS_ALL chancery)
set(CPACK_DMG_VOLUME_NAME Chancery)
set(CPACK_STRIP_FILES OFF)
