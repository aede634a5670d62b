using System.Reflection;
using System.Reflection.Emit;
using FeedService.Configuration;
using FeedService.Syndication;

namespace FeedService.Tests;

/// <summary>Who may know whom: the folders of the executable are layers, and what a type mentions in its shape or its code is held against them.</summary>
public sealed class DependencyRuleTests
{
    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Configuration"] = [],
        ["Store"] = ["Configuration"],
        ["Sources"] = ["Configuration"],
        ["Publishing"] = ["Configuration", "Store", "Sources"],
        ["Scheduling"] = ["Configuration", "Store", "Sources", "Publishing"],
        ["Web"] = ["Configuration", "Store", "Sources", "Publishing"],
        ["WebSub"] = ["Configuration", "Store", "Sources", "Publishing"],
        ["Cli"] = ["Configuration", "Store", "Sources", "Publishing"],
    };

    [Fact]
    public void Folders_of_the_executable_know_only_those_below_them()
    {
        var broken = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in typeof(FeedDefinition).Assembly.GetTypes())
        {
            if (Layer(type) is not { } layer)
                continue;
            Assert.True(s_mayUse.ContainsKey(layer), $"{type} is in a folder that the rule does not know: {layer}");
            foreach (var used in Mentions(type).Select(Layer).OfType<string>().Where(used => used != layer && !s_mayUse[layer].Contains(used)))
                broken.Add($"{type.FullName} uses {used}");
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Syndication_depends_on_nothing_of_ours_and_on_three_libraries()
    {
        var references = typeof(Article).Assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => !name.StartsWith("System", StringComparison.Ordinal)).Order();
        Assert.Equal(["AngleSharp", "Markdig", "YamlDotNet"], references);
    }

    /// <summary>The folder of a type; null for what is not ours and for the root, which only wires.</summary>
    private static string? Layer(Type type)
    {
        var parts = (type.Namespace ?? "").Split('.');
        return type.Assembly == typeof(FeedDefinition).Assembly && parts is ["FeedService", var layer, ..] ? layer : null;
    }

    private static HashSet<Type> Mentions(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var found = new HashSet<Type>();

        void Add(Type? mentioned)
        {
            if (mentioned is null || mentioned.IsGenericParameter || !found.Add(mentioned))
                return;
            if (mentioned.HasElementType)
                Add(mentioned.GetElementType());
            foreach (var argument in mentioned.GetGenericArguments())
                Add(argument);
        }

        Add(type.BaseType);
        foreach (var each in type.GetInterfaces())
            Add(each);
        foreach (var field in type.GetFields(All))
            Add(field.FieldType);
        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        {
            Add((method as MethodInfo)?.ReturnType);
            foreach (var parameter in method.GetParameters())
                Add(parameter.ParameterType);
            foreach (var member in Called(method))
            {
                Add(member as Type ?? member.DeclaringType);
                Add((member as FieldInfo)?.FieldType);
            }
        }

        return found;
    }

    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    private static IEnumerable<MemberInfo> Called(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            yield break;
        Type[]? typeArguments = method.DeclaringType is { IsGenericType: true } declaring ? declaring.GetGenericArguments() : null;
        Type[]? methodArguments = method.IsGenericMethodDefinition ? method.GetGenericArguments() : null;
        for (var i = 0; i < code.Length;)
        {
            short value = code[i++];
            if (value == 0xFE)
                value = unchecked((short)(0xFE00 | code[i++]));
            var operand = s_opCodes[value].OperandType;
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
                yield return method.Module.ResolveMember(BitConverter.ToInt32(code, i), typeArguments, methodArguments)!;
            i += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, i),
                _ => 4,
            };
        }
    }
}
