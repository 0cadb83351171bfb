# What is installed, and the packages that CPack makes of it: `chancery` for people at a desk, `chancery-node` for hosts.
include(GNUInstallDirs)
set(installer ${CMAKE_SOURCE_DIR}/installer)

install(TARGETS chanceryctl RUNTIME COMPONENT chancery)
install(TARGETS chancery-node chancery-agent chancery-contract RUNTIME COMPONENT chancery-node)
# Contracts that topologies name; findContractFolder looks beside the program.
install(DIRECTORY resources/contracts DESTINATION ${CMAKE_INSTALL_DATADIR}/chancery COMPONENT chancery)
if(CHANCERY_CONSOLE)
  install(TARGETS chancery RUNTIME COMPONENT chancery)
  install(FILES ${installer}/chancery.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications COMPONENT chancery)
  install(FILES ${installer}/chancery.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps
          COMPONENT chancery)
  install(FILES ${installer}/io.chancery.Chancery.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo
          COMPONENT chancery)
endif()

# Manual pages are made of what the programs say of themselves, so that they cannot fall behind.
set(pages ${CMAKE_BINARY_DIR}/installer)
set(manual ${installer}/manual.sh)
set(console_page "")
if(CHANCERY_CONSOLE)
  set(console_page COMMAND sh -c
      "${manual} $<TARGET_FILE:chancery> 'the console for consortium ledgers' > ${pages}/man/chancery.1")
  set(console chancery)
endif()
add_custom_command(OUTPUT ${pages}/made VERBATIM
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${pages}/man
  COMMAND chanceryctl manual ${pages}/man
  COMMAND sh -c "${manual} $<TARGET_FILE:chancery-node> 'a peer, an orderer or certificate authorities' > ${pages}/man/chancery-node.1"
  COMMAND sh -c "${manual} $<TARGET_FILE:chancery-agent> 'keeps the nodes of a machine' > ${pages}/man/chancery-agent.1"
  COMMAND sh -c "${manual} $<TARGET_FILE:chancery-contract> 'hosts contracts in JavaScript' > ${pages}/man/chancery-contract.1"
  ${console_page}
  COMMAND sh -c "gzip -9nf ${pages}/man/*.1"
  COMMAND ${CMAKE_COMMAND} -E touch ${pages}/made
  DEPENDS chanceryctl chancery-node chancery-agent chancery-contract ${console} ${manual}
  COMMENT "Writing the manual pages")
add_custom_target(manual_pages DEPENDS ${pages}/made)
set(node_pages "chancery-(node|agent|contract)\\.1\\.gz$")
install(DIRECTORY ${pages}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT chancery
        REGEX ${node_pages} EXCLUDE)
install(DIRECTORY ${pages}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT chancery-node
        FILES_MATCHING REGEX ${node_pages})

file(MAKE_DIRECTORY ${pages})
configure_file(${installer}/debian/changelog.in ${pages}/changelog @ONLY)
find_program(GZIP gzip)
if(GZIP)
  execute_process(COMMAND ${GZIP} -9nkf ${pages}/changelog)
endif()
foreach(package chancery chancery-node)
  install(FILES ${installer}/debian/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} COMPONENT ${package})
  if(GZIP)
    install(FILES ${pages}/changelog.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} COMPONENT ${package})
  endif()
endforeach()
install(FILES docs/host-agent.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/chancery COMPONENT chancery)
install(FILES docs/host-agent.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/chancery-node COMPONENT chancery-node)
if(UNIX AND NOT APPLE)
  # Where Debian 12 looks; not below the prefix.
  install(FILES ${installer}/chancery-agent.service DESTINATION /lib/systemd/system COMPONENT chancery-node)
  install(FILES ${installer}/debian/chancery-agent.default DESTINATION /etc/default RENAME chancery-agent
          COMPONENT chancery-node)
endif()

set(CPACK_PACKAGE_NAME chancery)
set(CPACK_PACKAGE_VENDOR Chancery)
set(CPACK_PACKAGE_CONTACT "The Chancery developers <packages@chancery.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_COMPONENTS_ALL chancery chancery-node)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 0)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_OUTPUT_FILE_PREFIX ${CMAKE_BINARY_DIR}/packages)

if(WIN32)
  include(${installer}/Windows.cmake)
elseif(APPLE)
  include(${installer}/Macos.cmake)
else()
  include(${installer}/Debian.cmake)
endif()
include(CPack)
