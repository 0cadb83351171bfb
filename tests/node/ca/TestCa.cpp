#include "tests/node/ca/TestCa.h"

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Der.h"
#include "src/crypto/Pem.h"
#include "src/identity/Extensions.h"
#include "src/identity/SignatureAlgorithm.h"

namespace chancery::node::test {
namespace {

namespace der = crypto::der;
using crypto::derElement;
using crypto::derSequence;

constexpr std::string_view kExtensionRequest = "1.2.840.113549.1.9.14";

}  // namespace

std::string makeRequest(const RequestForm& form, const crypto::PrivateKey& key) {
    Bytes name = identity::writeName(form.subject);
    if (!form.moreOfName.empty()) {
        Bytes parts(*crypto::DerReader(name).read(der::kSequence));
        for (const auto& [type, value] : form.moreOfName)
            parts += derElement(der::kSet, derSequence({crypto::derOid(type),
                                                        derElement(der::kUtf8String, value)}));
        name = derElement(der::kSequence, parts);
    }
    Bytes extensions;
    if (!form.hosts.empty())
        extensions += identity::writeExtension(identity::oid::kSubjectAltName, false,
                                               identity::writeAltNames(form.hosts));
    if (form.asksForCa)
        extensions +=
            identity::writeExtension(identity::oid::kBasicConstraints, true,
                                     derElement(der::kSequence, BytesView("\x01\x01\xFF", 3)));
    Bytes attributes;
    if (!extensions.empty())
        attributes = derSequence(
            {crypto::derOid(kExtensionRequest), derElement(der::kSet, derSequence({extensions}))});
    const Bytes info =
        derSequence({crypto::derInteger(0), name,
                     form.publicKey.empty() ? key.publicKey().toDer() : form.publicKey,
                     derElement(der::contextConstructed(0), attributes)});
    Bytes request = valueOf(identity::signObject(info, key));
    if (form.isBroken) request.back() = static_cast<char>(request.back() ^ 1);
    return crypto::writePem("CERTIFICATE REQUEST", request);
}

TestCa::TestCa(const crypto::Suite& suite, const std::function<void(CaOptions&)>& change) {
    m_options.name = "ca";
    m_options.folder = folder();
    m_options.suite = &suite;
    m_options.identities = {
        {.id = "admin", .secret = "adminpw", .attributes = administratorAttributes()}};
    m_options.affiliations = {"org1.d1", "org1.d2", "org2"};
    m_options.allowIdentityRemoval = true;
    m_options.allowAffiliationRemoval = true;
    if (change) change(m_options);
    if (const Status status = restart(); !status.ok())
        throw std::runtime_error(std::string(messageOf(status)));
}

void TestCa::close() {
    m_service.reset();
    m_ca.reset();
}

Status TestCa::restart() {
    close();
    ASSIGN_OR_RETURN(m_ca, CertificateAuthority::open(m_options, m_clock));
    m_service = std::make_unique<CaService>(std::vector<CertificateAuthority*>{m_ca.get()}, "v1",
                                            m_metrics);
    return absl::OkStatus();
}

Answer TestCa::send(const std::string& method, const std::string& target, const std::string& body,
                    std::map<std::string, std::string> headers) {
    http::Request request;
    request.method = method;
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    request.headers = std::move(headers);
    request.body = body;
    if (const auto at = target.find('?'); at != std::string::npos)
        for (std::size_t begin = at + 1; begin <= target.size();) {
            const std::size_t end = std::min(target.find('&', begin), target.size());
            const std::string pair = target.substr(begin, end - begin);
            const std::size_t equals = std::min(pair.find('='), pair.size());
            request.query[pair.substr(0, equals)] =
                equals < pair.size() ? pair.substr(equals + 1) : "";
            begin = end + 1;
        }
    const http::Response response = m_service->answer(request);
    return {response.status, json::parse(http::wholeBody(response).value_or(""), nullptr, false)};
}

Answer TestCa::sendSigned(const Member& by, const std::string& method, const std::string& target,
                          const json& body) {
    const std::string text = body.is_null() ? std::string() : body.dump();
    return send(
        method, target, text,
        {{"authorization", valueOf(makeToken(by.certificate, by.key, method, target, text))}});
}

std::string TestCa::basic(const std::string& id, const std::string& secret) {
    return "Basic " + toBase64(id + ":" + secret);
}

Answer TestCa::tryEnroll(const std::string& id, const std::string& secret,
                         const std::string& request, const json& more) {
    json body{{"certificate_request", request}, {"caname", "ca"}};
    body.update(more);
    return send("POST", "/api/v1/enroll", body.dump(), {{"authorization", basic(id, secret)}});
}

crypto::PrivateKey TestCa::caKey() const {
    return valueOf(crypto::PrivateKey::fromPem(valueOf(readFile(folder() + "/key.pem"))));
}

crypto::PrivateKey TestCa::newKey() const {
    return valueOf(crypto::PrivateKey::generate(m_options.suite->key));
}

Member TestCa::enroll(const std::string& id, const std::string& secret, const json& more) {
    auto key = newKey();
    const Answer answer =
        tryEnroll(id, secret, makeRequest({.subject = {.commonName = id}}, key), more);
    if (!answer.ok()) throw std::runtime_error(id + ": " + answer.body.dump());
    auto certificate = valueOf(identity::Certificate::fromPem(
        valueOf(fromBase64(answer.result()["Cert"].get<std::string>()))));
    return {id, std::move(key), std::move(certificate)};
}

const Member& TestCa::admin() {
    if (!m_admin) m_admin = std::make_unique<Member>(enroll("admin", "adminpw"));
    return *m_admin;
}

std::string TestCa::add(const std::string& id, const json& more) {
    json body{{"id", id}, {"type", "client"}, {"affiliation", "org1.d1"}};
    body.update(more);
    const Answer answer = sendSigned(admin(), "POST", "/api/v1/register", body);
    if (!answer.ok()) throw std::runtime_error(id + ": " + answer.body.dump());
    return answer.result()["secret"].get<std::string>();
}

Member TestCa::member(const std::string& id, const json& more) {
    return enroll(id, add(id, more));
}

std::string TestCa::state() {
    std::string all;
    const Status read = m_ca->store().read([&](store::Connection& connection) -> Status {
        ASSIGN_OR_RETURN(const auto identities, identitiesBelow(connection, ""));
        for (const IdentityRow& row : identities) {
            all += fmt::format("{} {} {} {} {} {} {}\n", row.id, row.type, row.affiliation,
                               row.secret, row.maxEnrollments, row.uses, row.revoked);
            for (const Attribute& one : row.attributes)
                all += fmt::format("  {}={} {}\n", one.name, one.value, one.inCertificate);
        }
        ASSIGN_OR_RETURN(const auto affiliations, affiliationsBelow(connection, ""));
        for (const std::string& one : affiliations) all += one + "\n";
        return eachCertificate(connection, {}, [&](CertificateRow&& row) {
            all += fmt::format("{} {} {} {}\n", row.serial, row.id, row.revokedAt.has_value(),
                               row.logEnd);
        });
    });
    if (!read.ok()) throw std::runtime_error(std::string(messageOf(read)));
    return all + valueOf(readFile(folder() + "/crl.pem"));
}

}  // namespace chancery::node::test
