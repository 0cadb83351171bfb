#include "ui/widgets/PaintedAccessible.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QWidget>
#include <map>

namespace chancery::ui {
namespace {

PaintedParts* partsOf(QObject* object) {
    return dynamic_cast<PaintedParts*>(qobject_cast<QWidget*>(object));
}

/// One drawn thing. Lives as long as its widget's interface; asks anew each time, as what is drawn
/// changes.
class Part : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    Part(QWidget* widget, int index) : m_widget(widget), m_index(index) {}

    bool isValid() const override { return m_widget != nullptr && m_index < parts()->partCount(); }
    QObject* object() const override { return nullptr; }
    QWindow* window() const override {
        return m_widget != nullptr ? m_widget->window()->windowHandle() : nullptr;
    }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    QAccessibleInterface* parent() const override {
        return QAccessible::queryAccessibleInterface(m_widget.data());
    }
    QAccessibleInterface* child(int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    QString text(QAccessible::Text what) const override {
        return what == QAccessible::Name && isValid() ? parts()->partName(m_index) : QString();
    }
    void setText(QAccessible::Text, const QString&) override {}
    QRect rect() const override {
        if (!isValid()) return {};
        const QRect r = parts()->partRect(m_index);
        return {m_widget->mapToGlobal(r.topLeft()), r.size()};
    }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    QAccessible::State state() const override {
        QAccessible::State state;
        if (!isValid()) {
            state.invalid = true;
            return state;
        }
        state.selectable = true;
        state.selected = parts()->partSelected(m_index);
        state.invisible = !m_widget->isVisible();
        return state;
    }
    void* interface_cast(QAccessible::InterfaceType type) override {
        if (type == QAccessible::ActionInterface) {
            return static_cast<QAccessibleActionInterface*>(this);
        }
        return nullptr;
    }
    QStringList actionNames() const override { return {pressAction()}; }
    void doAction(const QString& name) override {
        if (name == pressAction() && isValid()) parts()->activatePart(m_index);
    }
    QStringList keyBindingsForAction(const QString&) const override { return {}; }

private:
    PaintedParts* parts() const { return partsOf(m_widget.data()); }
    QPointer<QWidget> m_widget;
    int m_index;
};

class Whole : public QAccessibleWidget {
public:
    explicit Whole(QWidget* widget) : QAccessibleWidget(widget, QAccessible::List) {}
    ~Whole() override {
        for (const auto& [index, id] : m_children) QAccessible::deleteAccessibleInterface(id);
    }

    int childCount() const override { return parts() != nullptr ? parts()->partCount() : 0; }
    QAccessibleInterface* child(int index) const override {
        if (index < 0 || index >= childCount()) return nullptr;
        const auto known = m_children.find(index);
        if (known != m_children.end()) return QAccessible::accessibleInterface(known->second);
        auto* made = new Part(widget(), index);
        m_children.emplace(index, QAccessible::registerAccessibleInterface(made));
        return made;
    }
    int indexOfChild(const QAccessibleInterface* child) const override {
        for (const auto& [index, id] : m_children) {
            if (QAccessible::accessibleInterface(id) == child) return index;
        }
        return -1;
    }
    QAccessibleInterface* childAt(int x, int y) const override {
        const QPoint point = widget()->mapFromGlobal(QPoint(x, y));
        for (int i = 0; i < childCount(); ++i) {
            if (parts()->partRect(i).contains(point)) return child(i);
        }
        return nullptr;
    }
    QString text(QAccessible::Text what) const override {
        const QString whole =
            what == QAccessible::Name && parts() != nullptr ? parts()->wholeText() : QString();
        return whole.isEmpty() ? QAccessibleWidget::text(what) : whole;
    }

private:
    PaintedParts* parts() const { return partsOf(object()); }
    mutable std::map<int, QAccessible::Id> m_children;
};

QAccessibleInterface* make(const QString&, QObject* object) {
    return partsOf(object) != nullptr ? new Whole(qobject_cast<QWidget*>(object)) : nullptr;
}

}  // namespace

void installPaintedAccessibility() {
    static const bool once = [] {
        QAccessible::installFactory(make);
        return true;
    }();
    Q_UNUSED(once);
}

}  // namespace chancery::ui
