#include "src/client/CaClient.h"

#include <fmt/format.h>

#include <optional>

#include "src/base/Encoding.h"
#include "src/client/CaAnswer.h"
#include "src/client/CaChain.h"
#include "src/http/Client.h"
#include "src/identity/Issue.h"
#include "src/interfaces/NodeAddress.h"

namespace chancery::client {
namespace {

using interfaces::Affiliation;
using interfaces::AffiliationChange;
using interfaces::CaAddress;
using interfaces::CaAttributeWish;
using interfaces::CaCaller;
using interfaces::CaIdentity;
using interfaces::CaInfo;
using interfaces::CertificateAuthority;
using interfaces::CertificateQuery;
using interfaces::CrlQuery;
using interfaces::Enrolment;
using interfaces::EnrolmentRequest;
using interfaces::IdentityRegistry;
using interfaces::Revocation;
using interfaces::RevocationRequest;

constexpr std::size_t kMostList = 256U << 20;
constexpr std::size_t kMostIdle = 8;

/// Of a path or a query: all but what needs no mark (RFC 3986, 2.3).
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view("-._~").find(c) != std::string_view::npos;
        if (plain)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::string textOf(absl::Time time) {
    return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

struct Query {
    std::string text;
    void add(std::string_view name, std::string_view value) {
        if (value.empty()) return;
        text += (text.empty() ? "?" : "&") + std::string(name) + "=" + escaped(value);
    }
    void add(std::string_view name, const std::optional<absl::Time>& time) {
        if (time) add(name, std::string_view(textOf(*time)));
    }
};

CaJson bodyOf(const EnrolmentRequest& request) {
    CaJson body{{"certificate_request", request.requestPem}};
    if (!request.profile.empty()) body["profile"] = request.profile;
    if (!request.hosts.empty()) body["hosts"] = request.hosts;
    if (!request.attributes) return body;
    body["attr_reqs"] = CaJson::array();
    for (const CaAttributeWish& wish : *request.attributes)
        body["attr_reqs"].push_back({{"name", wish.name}, {"optional", wish.optional}});
    return body;
}

CaJson bodyOf(const CaIdentity& identity, const std::string& secret) {
    CaJson body{{"id", identity.id}};
    if (!identity.type.empty()) body["type"] = identity.type;
    if (!identity.affiliation.empty()) body["affiliation"] = identity.affiliation;
    if (!identity.attributes.empty()) body["attrs"] = writeAttributes(identity.attributes);
    if (identity.maxEnrollments) body["max_enrollments"] = *identity.maxEnrollments;
    if (!secret.empty()) body["secret"] = secret;
    return body;
}

}  // namespace

/// A CA of a server, the connections to it that nobody uses now, and what it has said of itself.
struct CaClient::Place {
    CaAddress address;
    std::mutex mutex;
    std::vector<std::unique_ptr<http::Client>> idle;
    std::optional<CaChain> chain;

    void remember(CaChain known) {
        const std::lock_guard lock(mutex);
        chain = std::move(known);
    }

    Result<std::unique_ptr<http::Client>> connect() const {
        ASSIGN_OR_RETURN(const auto where, interfaces::splitEndpoint(address.endpoint));
        return http::Client::make(where.host, where.port,
                                  {.rootsPem = address.tlsRootsPem,
                                   .certificatePem = {},
                                   .keyPem = {},
                                   .serverName = address.serverName});
    }

    Result<http::Response> send(const http::Call& call, Deadline deadline) {
        std::unique_ptr<http::Client> client;
        {
            const std::lock_guard lock(mutex);
            if (!idle.empty()) {
                client = std::move(idle.back());
                idle.pop_back();
            }
        }
        if (!client) {
            ASSIGN_OR_RETURN(client, connect());
        }
        auto response = client->send(call, deadline);
        const std::lock_guard lock(mutex);
        if (response.ok() && idle.size() < kMostIdle) idle.push_back(std::move(client));
        return response;
    }
};

class CaClient::Session final : public CertificateAuthority, public IdentityRegistry {
public:
    Session(std::shared_ptr<Place> place, CaCaller caller)
        : m_place(std::move(place)), m_caller(std::move(caller)) {}

    Result<CaInfo> info(Deadline deadline) override {
        ASSIGN_OR_RETURN(const CaJson result,
                         exchange({.path = "cainfo", .query = {}}, Sender::Nobody, deadline));
        return checkedInfo(result);
    }

    Result<Enrolment> enrol(const EnrolmentRequest& request, const std::string& id,
                            const std::string& secret, Deadline deadline) override {
        if (id.empty() || id.find(':') != std::string::npos)
            return makeError(StatusCode::kInvalidArgument, "BAD_ID",
                             "the name of an identity that enrols has no colon and is not empty");
        Order order{.method = "POST", .path = "enroll", .query = {}, .body = bodyOf(request)};
        order.basic = "Basic " + toBase64(id + ":" + secret);
        ASSIGN_OR_RETURN(const CaJson result, exchange(order, Sender::Nobody, deadline));
        return checkedEnrolment(request, result);
    }

    Result<Enrolment> reenrol(const EnrolmentRequest& request, Deadline deadline) override {
        ASSIGN_OR_RETURN(
            const CaJson result,
            exchange({.method = "POST", .path = "reenroll", .query = {}, .body = bodyOf(request)},
                     Sender::Caller, deadline));
        return checkedEnrolment(request, result);
    }

    Status certificates(const CertificateQuery& query, const std::function<Status(BytesView)>& each,
                        Deadline deadline) override {
        Query asked;
        asked.add("id", query.id);
        asked.add("serial", query.serial);
        asked.add("aki", query.authorityKeyId);
        asked.add("expired_start", query.expiresFrom);
        asked.add("expired_end", query.expiresUntil);
        asked.add("revoked_start", query.revokedFrom);
        asked.add("revoked_end", query.revokedUntil);
        if (query.notExpired) asked.add("notexpired", "true");
        if (query.notRevoked) asked.add("notrevoked", "true");
        ASSIGN_OR_RETURN(
            const auto response,
            send({.path = "certificates", .query = std::move(asked), .maxAnswer = kMostList},
                 Sender::Caller, deadline));
        if (response.status != 200) return refusalOf(response);
        return readCertificates(response.body, each);
    }

    Result<Revocation> revoke(const RevocationRequest& request, Deadline deadline) override {
        CaJson body = CaJson::object();
        if (!request.id.empty()) body["id"] = request.id;
        if (!request.serial.empty()) body["serial"] = request.serial;
        if (!request.authorityKeyId.empty()) body["aki"] = request.authorityKeyId;
        if (!request.reason.empty()) body["reason"] = request.reason;
        if (request.wantsCrl) body["gencrl"] = true;
        ASSIGN_OR_RETURN(
            const CaJson result,
            exchange({.method = "POST", .path = "revoke", .query = {}, .body = std::move(body)},
                     Sender::Caller, deadline));
        Revocation revocation;
        if (const auto list = result.find("RevokedCerts");
            list != result.end() && !list->is_null()) {
            if (!list->is_array()) return unexpectedAnswer("has no list \"RevokedCerts\"");
            for (const CaJson& one : *list) {
                if (!one.is_object()) return unexpectedAnswer("has no list of objects");
                ASSIGN_OR_RETURN(std::string serial, textIn(one, "Serial"));
                ASSIGN_OR_RETURN(std::string aki, textIn(one, "AKI"));
                revocation.revoked.push_back({std::move(serial), std::move(aki)});
            }
        }
        if (request.wantsCrl && result.contains("CRL") && result["CRL"] != "") {
            ASSIGN_OR_RETURN(revocation.crlPem, checkedCrl(result, deadline));
        }
        return revocation;
    }

    Result<std::string> crl(const CrlQuery& query, Deadline deadline) override {
        CaJson body = CaJson::object();
        const auto add = [&](const char* name, const std::optional<absl::Time>& time) {
            if (time) body[name] = textOf(*time);
        };
        add("revokedafter", query.revokedAfter);
        add("revokedbefore", query.revokedBefore);
        add("expireafter", query.expireAfter);
        add("expirebefore", query.expireBefore);
        ASSIGN_OR_RETURN(
            const CaJson result,
            exchange({.method = "POST", .path = "gencrl", .query = {}, .body = std::move(body)},
                     Sender::Caller, deadline));
        return checkedCrl(result, deadline);
    }

    Result<std::string> registerIdentity(const CaIdentity& identity, const std::string& secret,
                                         Deadline deadline) override {
        ASSIGN_OR_RETURN(const CaJson result, exchange({.method = "POST",
                                                        .path = "register",
                                                        .query = {},
                                                        .body = bodyOf(identity, secret)},
                                                       Sender::Caller, deadline));
        return textIn(result, "secret");
    }

    Result<CaIdentity> changeIdentity(const CaIdentity& identity, const std::string& secret,
                                      Deadline deadline) override {
        ASSIGN_OR_RETURN(const CaJson result,
                         exchange({.method = "PUT",
                                   .path = "identities/" + escaped(identity.id),
                                   .query = {},
                                   .body = bodyOf(identity, secret)},
                                  Sender::Caller, deadline));
        return readIdentity(result);
    }

    Status removeIdentity(const std::string& id, bool force, Deadline deadline) override {
        Order order{.method = "DELETE", .path = "identities/" + escaped(id), .query = {}};
        if (force) order.query.add("force", "true");
        return exchange(order, Sender::Caller, deadline).status();
    }

    Result<std::vector<CaIdentity>> identities(Deadline deadline) override {
        ASSIGN_OR_RETURN(const CaJson result,
                         exchange({.path = "identities", .query = {}, .maxAnswer = kMostList},
                                  Sender::Caller, deadline));
        const auto list = result.find("identities");
        return readIdentities(list == result.end() ? CaJson() : *list);
    }

    Result<CaIdentity> identity(const std::string& id, Deadline deadline) override {
        ASSIGN_OR_RETURN(
            const CaJson result,
            exchange({.path = "identities/" + escaped(id), .query = {}}, Sender::Caller, deadline));
        return readIdentity(result);
    }

    Result<Affiliation> affiliations(const std::string& name, Deadline deadline) override {
        const std::string path = name.empty() ? "affiliations" : "affiliations/" + escaped(name);
        ASSIGN_OR_RETURN(const CaJson result,
                         exchange({.path = path, .query = {}}, Sender::Caller, deadline));
        return readAffiliation(result);
    }

    Result<Affiliation> changeAffiliation(const AffiliationChange& change,
                                          Deadline deadline) override {
        Order order{.query = {}};
        using Kind = AffiliationChange::Kind;
        order.method = change.kind == Kind::Add      ? "POST"
                       : change.kind == Kind::Rename ? "PUT"
                                                     : "DELETE";
        order.path =
            change.kind == Kind::Add ? "affiliations" : "affiliations/" + escaped(change.name);
        if (change.kind != Kind::Remove)
            order.body = {{"name", change.kind == Kind::Add ? change.name : change.newName}};
        if (change.force) order.query.add("force", "true");
        ASSIGN_OR_RETURN(const CaJson result, exchange(order, Sender::Caller, deadline));
        return readAffiliation(result);
    }

private:
    enum class Sender { Nobody, Caller };
    struct Order {
        std::string method = "GET";
        std::string path = {};  // below /api/v1/
        Query query = {};
        CaJson body = nullptr;
        std::size_t maxAnswer = 16U << 20;
        std::string basic = {};
    };

    /// As Fabric CA reads them: the request and the certificate, signed by its key.
    Result<std::string> tokenFor(const http::Call& call) const {
        if (m_caller.certificatePem.empty() || !m_caller.sign)
            return makeError(StatusCode::kFailedPrecondition, "NO_CALLER",
                             "this request needs an identity of the CA that signs it");
        ASSIGN_OR_RETURN(const auto certificate,
                         identity::Certificate::fromPem(m_caller.certificatePem));
        const std::string text = toBase64(certificate.toPem());
        ASSIGN_OR_RETURN(const Bytes signature,
                         m_caller.sign(fmt::format("{}.{}.{}.{}", call.method, toBase64(call.path),
                                                   toBase64(call.body), text)));
        return text + "." + toBase64(signature);
    }

    Result<http::Response> send(Order order, Sender sender, Deadline deadline) const {
        const std::string& name = m_place->address.caName;
        // Requests without a body name the CA in the query, as Fabric CA's own client does.
        if (order.body.is_null())
            order.query.add("ca", name);
        else if (!name.empty())
            order.body["caname"] = name;
        http::Call call{.method = order.method,
                        .path = "/api/v1/" + order.path + order.query.text,
                        .maxAnswer = order.maxAnswer};
        if (!order.body.is_null()) {
            call.headers["Content-Type"] = "application/json";
            call.body = order.body.dump(-1, ' ', true, CaJson::error_handler_t::replace);
        }
        if (!order.basic.empty()) call.headers["Authorization"] = order.basic;
        if (sender == Sender::Caller) {
            ASSIGN_OR_RETURN(call.headers["Authorization"], tokenFor(call));
        }
        return m_place->send(call, deadline);
    }

    Result<CaJson> exchange(const Order& order, Sender sender, Deadline deadline) const {
        ASSIGN_OR_RETURN(const auto response, send(order, sender, deadline));
        return resultOf(response);
    }

    Result<CaInfo> checkedInfo(const CaJson& json) const {
        ASSIGN_OR_RETURN(CaInfo read, readInfo(json));
        ASSIGN_OR_RETURN(auto chain, CaChain::read(read.chainPem, m_place->address.chainPem));
        m_place->remember(std::move(chain));
        return read;
    }

    Result<CaChain> chain(Deadline deadline) {
        {
            const std::lock_guard lock(m_place->mutex);
            if (m_place->chain) return *m_place->chain;
        }
        RETURN_IF_ERROR(info(deadline).status());
        const std::lock_guard lock(m_place->mutex);
        return *m_place->chain;
    }

    Result<Enrolment> checkedEnrolment(const EnrolmentRequest& request,
                                       const CaJson& result) const {
        ASSIGN_OR_RETURN(const auto asked,
                         identity::CertificateRequest::fromPem(request.requestPem));
        ASSIGN_OR_RETURN(const Bytes pem, decodedIn(result, "Cert"));
        const auto certificate = identity::Certificate::fromPem(pem);
        if (!certificate.ok()) return unexpectedAnswer("has no certificate");
        if (!(certificate->publicKey() == asked.publicKey()))
            return makeError(StatusCode::kDataLoss, "CERTIFICATE_OF_OTHER_KEY",
                             "the certificate that the CA gives is for another key");
        const auto about = result.find("ServerInfo");
        if (about == result.end() || !about->is_object())
            return unexpectedAnswer("does not say who the CA is");
        Enrolment enrolment{.certificatePem = certificate->toPem(), .ca = {}};
        ASSIGN_OR_RETURN(enrolment.ca, checkedInfo(*about));
        const std::lock_guard lock(m_place->mutex);
        RETURN_IF_ERROR(m_place->chain->checkIssued(*certificate));
        return enrolment;
    }

    Result<std::string> checkedCrl(const CaJson& result, Deadline deadline) {
        ASSIGN_OR_RETURN(const Bytes pem, decodedIn(result, "CRL"));
        const auto list = identity::RevocationList::fromBytes(pem);
        if (!list.ok()) return unexpectedAnswer("has no revocation list");
        ASSIGN_OR_RETURN(const CaChain known, chain(deadline));
        RETURN_IF_ERROR(known.checkIssued(*list));
        return std::string(pem);
    }

    const std::shared_ptr<Place> m_place;
    const CaCaller m_caller;
};

CaClient::CaClient() = default;
CaClient::~CaClient() = default;

Result<std::shared_ptr<CaClient::Session>> CaClient::session(const CaAddress& ca,
                                                             const CaCaller& caller) {
    const std::string key = fmt::format("{}\n{}\n{}\n{}\n{}", ca.endpoint, ca.caName, ca.serverName,
                                        ca.tlsRootsPem, ca.chainPem);
    const std::lock_guard lock(m_mutex);
    std::shared_ptr<Place>& place = m_places[key];
    if (!place) {
        auto made = std::make_shared<Place>();
        made->address = ca;
        ASSIGN_OR_RETURN(auto first, made->connect());
        made->idle.push_back(std::move(first));
        place = std::move(made);
    }
    return std::make_shared<Session>(place, caller);
}

Result<std::shared_ptr<CertificateAuthority>> CaClient::authority(const CaAddress& ca,
                                                                  const CaCaller& caller) {
    return session(ca, caller);
}

Result<std::shared_ptr<IdentityRegistry>> CaClient::registry(const CaAddress& ca,
                                                             const CaCaller& caller) {
    return session(ca, caller);
}

}  // namespace chancery::client
