#include "node/contract/Realm.h"

#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "node/contract/Builtins.h"
#include "node/contract/RealmImpl.h"

namespace chancery::node::contract {
namespace {

// How long a contract computes between two questions whether it may go on.
constexpr double kPeriodSeconds = 0.02;

Status engineError(std::string_view what) {
    return makeError(StatusCode::kInternal, "ENGINE_FAILED", what);
}

bool mayStop(JSContextRef /*context*/, void* data) {
    auto& impl = *static_cast<Realm::Impl*>(data);
    if (impl.host.mustStop()) {
        impl.stopped = true;
        return true;
    }
    // The engine asks again only when the limit changed.
    const double period = kPeriodSeconds + 1e-6 * (++impl.rearmed % 2);
    JSContextGroupSetExecutionTimeLimit(impl.group, period, mayStop, data);
    return false;
}

JSValueRef valueOf(JSContextRef context, const AnswerPart& part) {
    if (const auto* bytes = std::get_if<Bytes>(&part)) return script::makeBytes(context, *bytes);
    if (const auto* text = std::get_if<Text>(&part)) return script::makeText(context, text->value);
    if (const auto* number = std::get_if<double>(&part)) return JSValueMakeNumber(context, *number);
    return JSValueMakeBoolean(context, std::get<bool>(part));
}

}  // namespace

Realm::Impl*& currentRealm() {
    thread_local Realm::Impl* realm = nullptr;
    return realm;
}

void prepareEngine(bool optimise) {
    ::setenv("TZ", "UTC", 1);
    // The engine's first compiler gives nearly all of the speed for contracts; its optimising ones
    // are large, hungry, and where most of its past security errors were.
    if (!optimise) ::setenv("JSC_useDFGJIT", "0", 1);
    // To stop code by signals costs more at each step than the looks that it saves.
    ::setenv("JSC_usePollingTraps", "1", 0);
    // What a page with a user in front of it needs: a collector on threads of its own, and a heap
    // as large as the machine's memory suggests.
    ::setenv("JSC_numberOfGCMarkers", "1", 0);
    ::setenv("JSC_useConcurrentGC", "0", 0);
    ::setenv("JSC_forceRAMSize", "268435456", 0);
}

Realm::Impl::~Impl() {
    for (JSObjectRef object : {builtins, start, resume, drop})
        if (object != nullptr) JSValueUnprotect(context, object);
    if (context != nullptr) JSGlobalContextRelease(context);
    if (group != nullptr) JSContextGroupRelease(group);
    if (currentRealm() == this) currentRealm() = nullptr;
}

Status Realm::Impl::call(JSObjectRef function, const script::Values& arguments,
                         JSValueRef* result) {
    stopped = false;
    JSValueRef exception = nullptr;
    const JSValueRef value = JSObjectCallAsFunction(context, function, nullptr, arguments.size(),
                                                    arguments.data(), &exception);
    if (stopped)
        return makeError(StatusCode::kDeadlineExceeded, "STOPPED_COMPUTING",
                         "the contract was stopped");
    if (exception != nullptr) {
        const script::Thrown thrown = script::describe(context, exception);
        if (!thrown.stack.empty())
            host.log("debug", fmt::format("{}\n{}", thrown.message, thrown.stack));
        return makeError(StatusCode::kInvalidArgument, "BAD_CONTRACT", thrown.message);
    }
    if (result != nullptr) *result = value;
    return {};
}

// Each is the body of a function, so none leaves a name in the global scope.
Status Realm::Impl::runBuiltins() {
    script::Values arguments(context);
    arguments.add(makeHostObject(*this)).add(builtins);
    const std::vector<script::String> names = [] {
        std::vector<script::String> made;
        made.push_back(script::makeString("host"));
        made.push_back(script::makeString("builtins"));
        return made;
    }();
    JSStringRef parameters[] = {names[0].get(), names[1].get()};
    for (const BuiltinSource& source : builtinSources()) {
        const std::string body = fmt::format("'use strict';{}", source.text);
        JSValueRef exception = nullptr;
        const JSObjectRef function = JSObjectMakeFunction(
            context, nullptr, 2, parameters, script::makeString(body).get(),
            script::makeString(fmt::format("builtin:{}", source.name)).get(), 1, &exception);
        if (exception != nullptr)
            return engineError(
                fmt::format("{}: {}", source.name, script::describe(context, exception).message));
        if (const Status ran = call(function, arguments); !ran.ok())
            return engineError(fmt::format("{}: {}", source.name, messageOf(ran)));
    }
    return {};
}

Result<JSObjectRef> Realm::Impl::protectedFunction(const char* name) {
    const JSValueRef value = script::property(context, builtins, name);
    if (!JSValueIsObject(context, value))
        return engineError(fmt::format("there is no function {}", name));
    const JSObjectRef function = JSValueToObject(context, value, nullptr);
    JSValueProtect(context, function);
    return function;
}

Realm::Realm(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Realm::~Realm() = default;

Result<std::unique_ptr<Realm>> Realm::make(RealmHost& host) {
    auto impl = std::make_unique<Impl>(host);
    currentRealm() = impl.get();
    impl->group = JSContextGroupCreate();
    impl->context = JSGlobalContextCreateInGroup(impl->group, nullptr);
    JSContextGroupSetExecutionTimeLimit(impl->group, kPeriodSeconds, mayStop, impl.get());
    impl->builtins = JSObjectMake(impl->context, nullptr, nullptr);
    JSValueProtect(impl->context, impl->builtins);
    script::setProperty(impl->context, impl->builtins, "modules",
                        JSObjectMake(impl->context, nullptr, nullptr));
    RETURN_IF_ERROR(impl->runBuiltins());
    ASSIGN_OR_RETURN(impl->start, impl->protectedFunction("start"));
    ASSIGN_OR_RETURN(impl->resume, impl->protectedFunction("resume"));
    ASSIGN_OR_RETURN(impl->drop, impl->protectedFunction("drop"));
    return std::unique_ptr<Realm>(new Realm(std::move(impl)));
}

Result<std::string> Realm::load(ContractPackage package) {
    nlohmann::json facts = {{"main", package.main},
                            {"title", package.name},
                            {"version", package.version},
                            {"isEcmaScriptModule", package.isEcmaScriptModule}};
    if (!package.metadata.empty())
        facts["metadata"] = nlohmann::json::parse(package.metadata, nullptr, false);
    m_impl->package = std::move(package);
    ASSIGN_OR_RETURN(const JSObjectRef load, m_impl->protectedFunction("load"));
    const std::string text = facts.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    JSValueRef result = nullptr;
    const Status called = m_impl->call(load, script::Values(m_impl->context).add(text), &result);
    JSValueUnprotect(m_impl->context, load);
    RETURN_IF_ERROR(called);
    return script::textOf(m_impl->context, result);
}

Status Realm::start(TransactionNumber transaction, std::string_view channel, std::string_view txId,
                    bool isInit, const std::vector<BytesView>& args) {
    const script::Locked locked(m_impl->context);
    script::Values values(m_impl->context);
    values.add(double{static_cast<double>(transaction)}).add(channel).add(txId).add(isInit);
    for (const BytesView arg : args) values.add(arg);
    return m_impl->call(m_impl->start, values);
}

Status Realm::resume(TransactionNumber transaction, const Answer& answer) {
    const JSContextRef context = m_impl->context;
    const script::Locked locked(context);
    script::Values values(context);
    values.add(double{static_cast<double>(transaction)}).add(answer.failed);
    if (answer.failed) {
        values.add(std::string_view(answer.bytes));
    } else if (!answer.isList) {
        values.add(answer.bytes.empty() ? JSValueMakeUndefined(context)
                                        : script::makeBytes(context, answer.bytes));
    } else {
        const JSObjectRef list = JSObjectMakeArray(context, 0, nullptr, nullptr);
        values.add(list);
        unsigned index = 0;
        for (const AnswerPart& part : answer.parts)
            JSObjectSetPropertyAtIndex(context, list, index++, valueOf(context, part), nullptr);
    }
    return m_impl->call(m_impl->resume, values);
}

void Realm::drop(TransactionNumber transaction) {
    script::Values values(m_impl->context);
    values.add(double{static_cast<double>(transaction)});
    (void)m_impl->call(m_impl->drop, values);
}

void Realm::collectGarbage() {
    JSGarbageCollect(m_impl->context);
}

}  // namespace chancery::node::contract
