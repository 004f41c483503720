package io.tidaldb.verification;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/// One step of the engine, broken on purpose: in one method, a call is left out or led to another
/// method. The engine's sources know nothing of it; the classes are changed while they are loaded.
///
/// @param name what is broken, as the specification calls it
/// @param className the changed class, below `io.tidaldb`, with slashes
/// @param method the changed method; lambdas in it count as parts of it
/// @param call the class and the method whose calls are changed, `engine/Views.apply`
/// @param instead what is called in its place: a static method that takes the receiver first, or
///   nothing, so that the call is left out
public record BrokenStep(
    String name, String className, String method, String call, String instead) {

  private static final String ROOT = "io/tidaldb/";

  /// A call that is not made; what it would return is 0, false or null.
  static BrokenStep without(String name, String className, String method, String call) {
    return new BrokenStep(name, className, method, call, "");
  }

  /// Whether this class is changed.
  boolean isIn(String binaryName) {
    return binaryName.equals((ROOT + className).replace('/', '.'));
  }

  /// Whether this method is changed.
  boolean isInMethod(String name) {
    return name.equals(method) || name.startsWith("lambda$" + method + "$");
  }

  /// Writes an element of the method, or what stands in its place; whether it was changed.
  boolean change(CodeBuilder code, CodeElement element) {
    if (!(element instanceof InvokeInstruction invoke) || !isCall(invoke)) {
      code.with(element);
      return false;
    }
    boolean isStatic = invoke.opcode() == java.lang.classfile.Opcode.INVOKESTATIC;
    var type = invoke.typeSymbol();
    if (instead.isEmpty()) {
      leaveOut(code, type, !isStatic);
      return true;
    }
    int dot = instead.indexOf('.');
    var owner = ClassDesc.ofInternalName(ROOT + instead.substring(0, dot));
    var hook = isStatic ? type : type.insertParameterTypes(0, invoke.owner().asSymbol());
    code.invokestatic(owner, instead.substring(dot + 1), hook);
    return true;
  }

  private boolean isCall(InvokeInstruction invoke) {
    var called = invoke.owner().asInternalName() + "." + invoke.name().stringValue();
    return called.equals(ROOT + call) || called.equals(call);
  }

  private static void leaveOut(CodeBuilder code, MethodTypeDesc type, boolean receiver) {
    for (var parameter : List.copyOf(type.parameterList()).reversed()) {
      if (TypeKind.from(parameter).slotSize() == 2) {
        code.pop2();
      } else {
        code.pop();
      }
    }
    if (receiver) {
      code.pop();
    }
    switch (TypeKind.from(type.returnType())) {
      case VOID -> {}
      case LONG -> code.lconst_0();
      case DOUBLE -> code.dconst_0();
      case FLOAT -> code.fconst_0();
      case REFERENCE -> {
        if (type.returnType().equals(ConstantDescs.CD_String)) {
          code.ldc("");
        } else {
          code.aconst_null();
        }
      }
      default -> code.iconst_0();
    }
  }
}
