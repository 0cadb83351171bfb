#include "node/runtime/Settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace chancery::node {
namespace {

constexpr auto kComment = SettingRow::Shown::Comment;
constexpr auto kPlain = SettingRow::Shown::Plain;
constexpr std::size_t kHelpColumn = 34;

constexpr SettingRow kIdentity[] = {
    {"mspId", "", "Org1MSP", "of the organisation"},
    {"msp", "", "msp", "folder with signcerts and keystore"},
    {"mspKey", "", "pkcs11:token=peers",
     "the identity's key is in a token, found by the certificate or by object= and id=", kComment},
    {"token", "", "", "the module that speaks to it", kComment},
    {"token.module", "", "/usr/lib/softhsm/libsofthsm2.so", ""},
    {"token.sha256", "", "…", "of the module's file, hex"},
    {"token.pinFile", "", "pin", "file with the PIN, 0600"},
    {"token.pinCredential", "", "pin", "or the name given to systemd's LoadCredential=", kComment},
    {"data", "", "data", "ledgers; made when it is missing"},
    {"listen", "127.0.0.1:0", "127.0.0.1:7051", "gRPC; port 0: any free one"},
    {"tls", "", "", ""},
    {"tls.certificate", "", "tls/server.crt", ""},
    {"tls.key", "", "tls/server.key", ""},
    {"tls.clientRoots", "", "[ca.crt]",
     "may be left out: callers must show a certificate of these"},
};

constexpr SettingRow kCommon[] = {
    {"adminSocket", "", "run/admin.sock", "the admin API for the host's agent", kComment},
    {"operations", "", "", "may be left out: /healthz, /metrics, /logspec, /version"},
    {"operations.listen", "127.0.0.1:0", "127.0.0.1:9443", ""},
    {"operations.clientRoots", "", "[ca.crt]", "who may see metrics and set log levels"},
    {"log", "", "", ""},
    {"log.spec", "info", "", "room=level:level"},
    {"log.form", "text", "", "or json"},
};

constexpr SettingRow kOrderer[] = {
    {"admin", "", "", "channel participation: what osnadmin calls"},
    {"admin.listen", "127.0.0.1:0", "127.0.0.1:7053", ""},
    {"admin.clientRoots", "", "[ca.crt]", "who may call it"},
};

constexpr SettingRow kPeer[] = {
    {"externalEndpoint", "", "peer0:7051", "how others reach it, when not where it listens"},
    {"peers[]", "", "", "may be left out: others to learn peers from"},
    {"peers[].mspId", "", "Org2MSP", ""},
    {"peers[].endpoint", "", "'peer0.org2:7051'", ""},
    {"orderers[]", "", "", "may be left out: orderers that are elsewhere than channels say"},
    {"orderers[].address", "", "'orderer0:7050'", "as the channel's configuration has it"},
    {"orderers[].reachedAt", "", "'127.0.0.1:7050'", ""},
    {"chaincode", "", "", ""},
    {"chaincode.listen", "127.0.0.1:0", "", "where contracts dial in that the peer has started"},
    {"chaincode.executeTimeoutMs", "30000", "", "the longest that a call of a contract may take"},
    {"chaincode.nodeProgram", "", "/usr/bin/node",
     "for contracts of type node; else found in PATH"},
    {"chaincode.nodeModules", "", "node_modules", "for those that do not bring fabric-shim"},
    {"chaincode.scriptProgram", "", "chancery-contract", "else the one beside this program"},
    {"chaincode.allowPlaintext", "false", "", "contracts as a service elsewhere without TLS"},
    {"chaincode.acceptUnlaunched", "false", "", "contracts that a developer started may register"},
};

constexpr SettingRow kCa[] = {
    {"data", "", "data", "CAs; made when it is missing"},
    {"listen", "127.0.0.1:0", "127.0.0.1:7054", "HTTPS; port 0: any free one"},
    {"tls", "", "", "without certificate and key the first CA issues them"},
    {"tls.certificate", "", "tls/server.crt", "", kComment},
    {"tls.key", "", "tls/server.key", "", kComment},
    {"tls.hosts", "localhost, 127.0.0.1", "[localhost, 127.0.0.1]", ""},
};

constexpr SettingRow kCas[] = {
    {"cas[]", "", "", "the first answers requests that name none"},
    {"cas[].name", "", "ca-org1", "its folder is data/ca-org1 unless `folder` says so"},
    {"cas[].folder", "", "ca-org1", "", kComment},
    {"cas[].suite", "ECDSA-P256", "", "or ECDSA-P384, ED25519, SM2"},
    {"cas[].subject", "", "", ""},
    {"cas[].subject.commonName", "", "ca.org1", ""},
    {"cas[].subject.organization", "", "org1", ""},
    {"cas[].subject.units", "", "[]", ""},
    {"cas[].subject.country", "", "US", ""},
    {"cas[].subject.province", "", "Ohio", "", kComment},
    {"cas[].subject.locality", "", "Dayton", "", kComment},
    {"cas[].certificate", "", "ca.pem", "of a CA that exists already", kComment},
    {"cas[].key", "", "ca.key",
     "its key, or 'pkcs11:token=cas;object=ca-org1'; made there for a new CA", kComment},
    {"cas[].chain", "", "chain.pem", "of an intermediate CA that exists already", kComment},
    {"cas[].token", "", "", "the module that speaks to the key's token", kComment},
    {"cas[].token.module", "", "/usr/lib/softhsm/libsofthsm2.so", ""},
    {"cas[].token.sha256", "", "…", "of the module's file, hex"},
    {"cas[].token.pinFile", "", "pin", "file with the PIN, 0600"},
    {"cas[].token.pinCredential", "", "pin",
     "or the name given to systemd's LoadCredential=", kComment},
    {"cas[].parent", "", "", "of an intermediate CA", kComment},
    {"cas[].parent.url", "", "'https://root:7054'", ""},
    {"cas[].parent.roots", "", "[root-tls.pem]", ""},
    {"cas[].parent.caName", "", "root", ""},
    {"cas[].parent.name", "", "ica", ""},
    {"cas[].parent.secret", "", "icapw", "or secretFile", kPlain, true},
    {"cas[].parent.secretFile", "", "ica.secret", "", kComment},
    {"cas[].identities[]", "", "", "registered at the first start"},
    {"cas[].identities[].name", "", "admin", ""},
    {"cas[].identities[].secret", "", "adminpw", "or secretFile", kPlain, true},
    {"cas[].identities[].secretFile", "", "admin.secret", "", kComment},
    {"cas[].identities[].randomSecret", "false", "", "made by a machine, of 128 bits and more"},
    {"cas[].identities[].administrator", "false", "true", "has all rights; or attributes"},
    {"cas[].identities[].type", "client", "", ""},
    {"cas[].identities[].affiliation", "", "''", ""},
    {"cas[].identities[].maxEnrollments", "-1", "", "as often as one likes"},
    {"cas[].identities[].attributes[]", "", "", "", kComment},
    {"cas[].identities[].attributes[].name", "", "hf.Revoker", ""},
    {"cas[].identities[].attributes[].value", "", "'true'", ""},
    {"cas[].identities[].attributes[].ecert", "false", "", "stands in its certificates"},
    {"cas[].affiliations", "", "[org1.department1, org1.department2]", ""},
    {"cas[].sharedHosts", "", "[10.0.0.2]", "addresses that several identities may have"},
    {"cas[].ldap", "", "", "in place of identities: users are those of a directory", kComment},
    {"cas[].ldap.url", "", "ldaps://directory.example.com", "ldap:// begins with StartTLS"},
    {"cas[].ldap.roots", "", "directory-ca.pem", "may be left out for this machine only"},
    {"cas[].ldap.base", "", "ou=people,dc=example,dc=com", ""},
    {"cas[].ldap.bindDn", "", "cn=reader,dc=example,dc=com", ""},
    {"cas[].ldap.bindPasswordFile", "", "reader.secret", "0600; or bindPasswordCredential"},
    {"cas[].ldap.bindPasswordCredential", "", "reader", "", kComment},
    {"cas[].ldap.userFilter", "(uid=%s)", "", ""},
    {"cas[].ldap.attributes", "", "[mail]", "that certificates may show"},
    {"cas[].ldap.converters[]", "", "", "docs/certificate-authority.md has the language"},
    {"cas[].ldap.converters[].name", "", "hf.Revoker", ""},
    {"cas[].ldap.converters[].value", "", "attr(\"memberOf\") =~ \"cn=revokers,\"", ""},
    {"cas[].ldap.converters[].ecert", "false", "", "stands in certificates"},
    {"cas[].ldap.maps[]", "", "", ""},
    {"cas[].ldap.maps[].name", "", "groups", ""},
    {"cas[].ldap.maps[].entries[]", "", "", ""},
    {"cas[].ldap.maps[].entries[].name", "", "dn1", ""},
    {"cas[].ldap.maps[].entries[].value", "", "client", ""},
    {"cas[].ldap.timeoutMs", "5000", "", ""},
    {"cas[].ldap.connections", "8", "", "at the same time"},
    {"cas[].maxEnrollments", "-1", "", "the most that registrations may ask for; -1: any"},
    {"cas[].maxAttempts", "10", "", "wrong secrets that lock an identity"},
    {"cas[].allowIdentityRemoval", "false", "", ""},
    {"cas[].allowAffiliationRemoval", "false", "", ""},
    {"cas[].reenrollIgnoresExpiry", "false", "", ""},
    {"cas[].hours", "8760", "", "validity of certificates"},
    {"cas[].tlsHours", "8760", "", "of those for TLS"},
    {"cas[].caHours", "43800", "", "of the CA's own"},
    {"cas[].crlHours", "24", "", "of lists of revoked certificates"},
};

std::vector<SettingRow> joined(std::initializer_list<std::span<const SettingRow>> parts) {
    std::vector<SettingRow> all;
    for (const auto part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

/// "peers[3].mspId" → "peers[].mspId".
std::string pattern(std::string_view path) {
    std::string text;
    bool inside = false;
    for (const char c : path) {
        if (c == ']') inside = false;
        if (!inside) text += c;
        if (c == '[') inside = true;
    }
    return text;
}

/// Prints rows one by one: where a list or a commented part begins and ends.
class HelpPrinter {
public:
    std::string print(std::span<const SettingRow> rows) {
        for (std::size_t i = 0; i < rows.size(); ++i) add(rows[i], isSection(rows, i));
        return std::move(m_text);
    }

private:
    static bool isSection(std::span<const SettingRow> rows, std::size_t at) {
        return at + 1 < rows.size() &&
               rows[at + 1].path.starts_with(std::string(rows[at].path) + ".");
    }

    void add(const SettingRow& row, bool isSection) {
        const auto dots =
            static_cast<std::size_t>(std::count(row.path.begin(), row.path.end(), '.'));
        // Lists stand deeper than their name, by their dash.
        std::size_t indent = 2 * dots;
        for (std::size_t at = row.path.find("[]."); at != std::string_view::npos;
             at = row.path.find("[].", at + 1))
            indent += 2;
        std::string name(row.path.substr(row.path.rfind('.') + 1));
        if (name.ends_with("[]")) name.resize(name.size() - 2);
        if (!m_comment.empty() && !row.path.starts_with(m_comment)) m_comment.clear();
        const bool commented = row.shown == SettingRow::Shown::Comment;
        if (m_comment.empty() && commented) {
            m_commentIndent = indent;
            if (isSection) m_comment = std::string(row.path) + ".";
        }
        std::string line(indent, ' ');
        if (!m_list.empty() && row.path.starts_with(m_list)) line.replace(indent - 2, 1, "-");
        m_list.clear();
        line += name + ":";
        const std::string_view value = row.example.empty() ? row.otherwise : row.example;
        if (!isSection && !value.empty()) line += " " + std::string(value);
        if (!m_comment.empty() || commented) line.insert(m_commentIndent, "# ");
        if (!row.help.empty()) {
            line.resize(std::max(line.size() + 2, kHelpColumn), ' ');
            line += "# " + std::string(row.help);
        }
        m_text += line + "\n";
        if (row.path.ends_with("[]")) m_list = std::string(row.path) + ".";
    }

    std::string m_text;
    std::string m_comment;  ///< what begins with it is commented out
    std::size_t m_commentIndent = 0;
    std::string m_list;  ///< that began in the row before
};

}  // namespace

std::span<const SettingRow> settingsOf(NodeKind kind) {
    static const std::vector<SettingRow> peer = joined({kIdentity, kCommon, kPeer});
    static const std::vector<SettingRow> orderer = joined({kIdentity, kCommon, kOrderer});
    static const std::vector<SettingRow> ca = joined({kCa, kCommon, kCas});
    switch (kind) {
        case NodeKind::Orderer:
            return orderer;
        case NodeKind::Ca:
            return ca;
        case NodeKind::Peer:
            break;
    }
    return peer;
}

std::string describeSettings(std::span<const SettingRow> rows) {
    return HelpPrinter().print(rows);
}

SettingTable::SettingTable(std::span<const SettingRow> rows) : m_rows(rows) {
    for (const SettingRow& row : rows) m_byPath.emplace(row.path, &row);
}

const SettingRow* SettingTable::find(const std::string& path) const {
    const auto found = m_byPath.find(pattern(path));
    return found == m_byPath.end() ? nullptr : found->second;
}

}  // namespace chancery::node
