#include "tests/support/LayoutCheck.h"

#include <QtWidgets>

namespace chancery::test {
namespace {

QString nameOf(const QWidget& widget) {
    QString name = QString::fromLatin1(widget.metaObject()->className());
    name = name.mid(name.lastIndexOf(':') + 1);
    if (!widget.objectName().isEmpty()) name += '#' + widget.objectName();
    return name;
}

QString pathOf(const QWidget& root, const QWidget& widget) {
    QStringList names;
    for (const QWidget* at = &widget; at != nullptr; at = at->parentWidget()) {
        names.prepend(nameOf(*at));
        if (at == &root) break;
    }
    return names.join('/');
}

QString textOf(const QWidget& widget) {
    const QVariant text = widget.property("text");
    return text.isValid() ? text.toString().left(40) : widget.accessibleName().left(40);
}

/// What Qt itself makes and places: scroll bars, the parts of views and of line edits.
bool isPartOf(const QWidget& widget) {
    const QWidget* parent = widget.parentWidget();
    if (parent == nullptr) return false;
    return qobject_cast<const QAbstractScrollArea*>(parent) != nullptr ||
           qobject_cast<const QLineEdit*>(parent) != nullptr ||
           qobject_cast<const QComboBox*>(parent) != nullptr ||
           qobject_cast<const QAbstractSpinBox*>(parent) != nullptr ||
           qobject_cast<const QTabBar*>(parent) != nullptr ||
           qobject_cast<const QSizeGrip*>(&widget) != nullptr ||
           qobject_cast<const QScrollBar*>(&widget) != nullptr;
}

bool isInScrolledContent(const QWidget& widget) {
    const auto* area = qobject_cast<const QScrollArea*>(
        widget.parentWidget() != nullptr ? widget.parentWidget()->parentWidget() : nullptr);
    return area != nullptr && area->widget() == &widget;
}

class Walk {
public:
    explicit Walk(const QWidget& root) : m_root(root) {}

    void visit(const QWidget& widget) {
        checkRoom(widget);
        QList<const QWidget*> shown;
        for (const QObject* object : widget.children()) {
            const auto* child = qobject_cast<const QWidget*>(object);
            if (child == nullptr || child->isWindow() || !child->isVisibleTo(&m_root)) continue;
            if (!isPartOf(*child)) shown << child;
            if (qobject_cast<const QLineEdit*>(&widget) == nullptr) visit(*child);
        }
        // A stack of layers lies on purpose: an overlay says so with this property.
        for (qsizetype i = 0; i < shown.size(); ++i) {
            checkInside(widget, *shown[i]);
            for (qsizetype k = i + 1; k < shown.size(); ++k) checkOverlap(*shown[i], *shown[k]);
        }
    }

    QStringList complaints;

private:
    void complain(const QWidget& widget, const QString& what) {
        complaints
            << QStringLiteral("%1 '%2': %3").arg(pathOf(m_root, widget), textOf(widget), what);
    }

    static bool isOverlay(const QWidget& widget) {
        return widget.property("overlay").toBool() ||
               widget.testAttribute(Qt::WA_TransparentForMouseEvents);
    }

    /// Every widget of ours and of Qt's knows the least that it can live with; a text that may be
    /// shortened has a smaller least size than its text.
    void checkRoom(const QWidget& widget) {
        if (qobject_cast<const QScrollBar*>(&widget) != nullptr || isPartOf(widget)) return;
        const QSize least = widget.minimumSizeHint();
        const bool wraps = widget.hasHeightForWidth();
        if (least.width() > widget.width()) {
            complain(widget, QStringLiteral("needs %1 px of width and has %2")
                                 .arg(least.width())
                                 .arg(widget.width()));
        }
        const int height = wraps ? widget.heightForWidth(widget.width()) : least.height();
        if (height > widget.height()) {
            complain(widget, QStringLiteral("needs %1 px of height and has %2")
                                 .arg(height)
                                 .arg(widget.height()));
        }
        checkText(widget);
    }

    void checkText(const QWidget& widget) {
        if (const auto* edit = qobject_cast<const QLineEdit*>(&widget)) {
            const int room =
                edit->width() - edit->textMargins().left() - edit->textMargins().right() - 8;
            const int wish = edit->fontMetrics().horizontalAdvance(edit->placeholderText());
            if (edit->text().isEmpty() && wish > room) {
                complain(
                    widget,
                    QStringLiteral("its placeholder needs %1 px and has %2").arg(wish).arg(room));
            }
        }
        const auto* combo = qobject_cast<const QComboBox*>(&widget);
        if (combo != nullptr && !combo->isEditable()) {
            const int wish = combo->fontMetrics().horizontalAdvance(combo->currentText()) + 34;
            if (wish > combo->width()) {
                complain(widget, QStringLiteral("its choice '%1' needs %2 px and has %3")
                                     .arg(combo->currentText())
                                     .arg(wish)
                                     .arg(combo->width()));
            }
        }
    }

    void checkInside(const QWidget& parent, const QWidget& child) {
        if (isOverlay(child) || isInScrolledContent(child) ||
            qobject_cast<const QAbstractScrollArea*>(&parent) != nullptr) {
            return;
        }
        if (!parent.rect().contains(child.geometry())) {
            complain(child, QStringLiteral("sticks out of its parent"));
        }
    }

    void checkOverlap(const QWidget& one, const QWidget& other) {
        if (isOverlay(one) || isOverlay(other)) return;
        const bool handles = qobject_cast<const QSplitterHandle*>(&one) != nullptr ||
                             qobject_cast<const QSplitterHandle*>(&other) != nullptr;
        if (handles) return;  // wider than the line they show, so that a hand can take them
        const QRect common = one.geometry().intersected(other.geometry());
        if (common.width() > 0 && common.height() > 0) {
            complain(one, QStringLiteral("lies on %1").arg(pathOf(m_root, other)));
        }
    }

    const QWidget& m_root;
};

}  // namespace

QStringList layoutComplaints(const QWidget& root) {
    Walk walk(root);
    walk.visit(root);
    return walk.complaints;
}

}  // namespace chancery::test
