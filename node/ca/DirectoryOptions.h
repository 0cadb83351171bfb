#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace chancery::node {

enum class DirectoryTransport {
    Ldaps,
    StartTls,
    Plain,  ///< to this machine only
};

/// An attribute of identities that an expression makes from an entry; see DirectoryExpression.
struct DirectoryConverter {
    std::string name;
    std::string expression;
    bool inCertificate = false;  ///< "ecert": certificates show it unless asked otherwise
};

/// What is replaced by what, in this order.
using DirectoryMap = std::vector<std::pair<std::string, std::string>>;
using DirectoryMaps = std::map<std::string, DirectoryMap>;

/// An LDAP directory whose users are those of a CA.
struct DirectoryOptions {
    std::string host;
    std::uint16_t port = 636;
    DirectoryTransport transport = DirectoryTransport::Ldaps;
    std::filesystem::path roots;             ///< PEM: who may vouch for its TLS certificate
    std::string base;                        ///< below which users are looked for
    std::string bindDn;                      ///< who looks; empty: anybody may
    std::filesystem::path bindPasswordFile;  ///< see crypto::readSecretFile; read for each login
    std::string userFilter = "(uid=%s)";     ///< RFC 4515; %s stands for the name that was given
    /// Attributes of entries under whose names identities have them, several values with commas
    /// between them.
    std::vector<std::string> attributes;
    std::vector<DirectoryConverter> converters;
    DirectoryMaps maps;
    std::chrono::milliseconds timeout{5000};  ///< of each step: connecting, one request
    std::size_t connections = 8;              ///< that are in use at the same time
};

}  // namespace chancery::node
