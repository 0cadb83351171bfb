#pragma once

#include <QTemporaryDir>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "node/ca/CaService.h"
#include "node/ca/CertificateAuthority.h"

namespace chancery::node::test {

using nlohmann::json;

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(std::string(messageOf(result.status())));
    return *std::move(result);
}

class ShiftedClock : public Clock {
public:
    absl::Time now() const override { return Clock::system().now() + shift; }
    absl::Duration shift;
};

/// What the service said.
struct Answer {
    int status = 0;
    json body;

    bool ok() const { return body.value("success", false); }
    int code() const { return body["errors"].empty() ? -1 : body["errors"][0]["code"].get<int>(); }
    const json& result() const { return body["result"]; }
};

/// Somebody with a certificate and its key.
struct Member {
    std::string id;
    crypto::PrivateKey key;
    identity::Certificate certificate;
};

/// A certification request of any form, also those that no honest client makes.
struct RequestForm {
    identity::SubjectName subject;
    std::vector<std::string> hosts;
    bool asksForCa = false;
    Bytes publicKey;                                              ///< in place of the key's own
    bool isBroken = false;                                        ///< its signature
    std::vector<std::pair<std::string, std::string>> moreOfName;  ///< attributes as OID and value
};
std::string makeRequest(const RequestForm& form, const crypto::PrivateKey& key);

/// CAs in a folder of their own behind the service, without a network. "ca" knows the administrator
/// "admin" with the secret "adminpw" and the affiliations org1.d1, org1.d2 and org2.
class TestCa {
public:
    explicit TestCa(const crypto::Suite& suite = crypto::ecdsaP256(),
                    const std::function<void(CaOptions&)>& change = {});

    CertificateAuthority& ca() { return *m_ca; }
    ShiftedClock& clock() { return m_clock; }
    std::string folder() const { return m_folder.path().toStdString() + "/ca"; }
    const CaOptions& options() const { return m_options; }
    /// Ends it and opens it again.
    Status restart();
    void close();

    /// `target` with its query.
    Answer send(const std::string& method, const std::string& target, const std::string& body = {},
                std::map<std::string, std::string> headers = {});
    Answer sendSigned(const Member& by, const std::string& method, const std::string& target,
                      const json& body = nullptr);
    static std::string basic(const std::string& id, const std::string& secret);
    /// POST enroll with what `more` adds or replaces.
    Answer tryEnroll(const std::string& id, const std::string& secret, const std::string& request,
                     const json& more = json::object());

    /// The CA's own, as its file has it.
    crypto::PrivateKey caKey() const;
    crypto::PrivateKey newKey() const;
    Member enroll(const std::string& id, const std::string& secret,
                  const json& more = json::object());
    const Member& admin();
    /// By the administrator; gives the secret.
    std::string add(const std::string& id, const json& more = json::object());
    Member member(const std::string& id, const json& more = json::object());

    /// All tables but counts of wrong secrets, and the revocation list: what abuse must not change.
    std::string state();

private:
    QTemporaryDir m_folder;
    ShiftedClock m_clock;
    CaOptions m_options;
    Metrics m_metrics;
    std::unique_ptr<CertificateAuthority> m_ca;
    std::unique_ptr<CaService> m_service;
    std::unique_ptr<Member> m_admin;
};

}  // namespace chancery::node::test
