# Two packages for Debian 12; what they depend on is read from the programs.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE "https://chancery.invalid")

set(CPACK_DEBIAN_CHANCERY_PACKAGE_NAME chancery)
set(CPACK_DEBIAN_CHANCERY_PACKAGE_SECTION net)
set(CPACK_DEBIAN_CHANCERY_PACKAGE_RECOMMENDS
    "chancery-node, qt6-translations-l10n, qt6-wayland, fonts-inter, fonts-noto-cjk, libsecret-1-0")
set(CPACK_COMPONENT_CHANCERY_DESCRIPTION
    "console for the people who run a consortium ledger
 Chancery browses and verifies ledgers of Hyperledger Fabric, makes and grows
 networks, knows every certificate and what stops when it ends, and explains
 who must sign which change. This package has the desktop console (chancery)
 and the command line (chanceryctl).")

set(CPACK_DEBIAN_CHANCERY-NODE_PACKAGE_NAME chancery-node)
set(CPACK_DEBIAN_CHANCERY-NODE_PACKAGE_SECTION net)
set(CPACK_DEBIAN_CHANCERY-NODE_PACKAGE_DEPENDS "adduser, init-system-helpers (>= 1.52)")
set(CPACK_DEBIAN_CHANCERY-NODE_PACKAGE_SUGGESTS "softhsm2")
set(CPACK_DEBIAN_CHANCERY-NODE_PACKAGE_CONTROL_EXTRA
    ${CMAKE_SOURCE_DIR}/installer/debian/postinst ${CMAKE_SOURCE_DIR}/installer/debian/prerm
    ${CMAKE_SOURCE_DIR}/installer/debian/postrm ${CMAKE_SOURCE_DIR}/installer/debian/conffiles)
set(CPACK_COMPONENT_CHANCERY-NODE_DESCRIPTION
    "nodes of consortium ledgers and the agent that keeps them
 A peer, an orderer and certificate authorities that speak Hyperledger Fabric's
 protocols, the host for contracts in JavaScript, and an agent that starts and
 watches them for the console. The agent runs as a service of its own user.")
