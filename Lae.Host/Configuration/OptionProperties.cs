using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Lae.Host.Configuration;

/// <summary>A key of an options record.</summary>
/// <param name="Property">The property that it fills.</param>
internal sealed record OptionProperty(PropertyInfo Property)
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>The key.</summary>
    public string Name => Property.Name;

    /// <summary>The type without <c>Nullable</c>.</summary>
    public Type ValueType => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>Whether JSON's null is a value of this key.</summary>
    public bool AllowsNull { get; } = IsNullable(Property);

    /// <summary>The type of the elements, if the key holds several.</summary>
    public Type? ElementType => ValueType.IsArray ? ValueType.GetElementType() : null;

    /// <summary>Rules that the value must keep.</summary>
    public IReadOnlyList<ValidationAttribute> Rules { get; } = [.. Property.GetCustomAttributes<ValidationAttribute>(inherit: true)];

    /// <summary>The file or folder that the value names; null where it names none.</summary>
    public InputFileAttribute? InputFile { get; } = Property.GetCustomAttribute<InputFileAttribute>();

    /// <summary>A sentence for people, if the record gives one.</summary>
    public string? Description { get; } = Property.GetCustomAttribute<DescriptionAttribute>()?.Description;

    /// <summary>The component that an absent section stands for, if the record names one by <see cref="DefaultValueAttribute"/>.</summary>
    public string? DefaultType { get; } = Property.GetCustomAttribute<DefaultValueAttribute>()?.Value as string;

    private static bool IsNullable(PropertyInfo property)
    {
        lock (Nullability)
        {
            return Nullability.Create(property).WriteState == NullabilityState.Nullable;
        }
    }
}

/// <summary>The keys of options records.</summary>
internal static class OptionProperties
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<OptionProperty>> Known = new();

    /// <summary>The settable public properties, in order of declaration, those of base records first.</summary>
    /// <param name="options">The type of an options record.</param>
    public static IReadOnlyList<OptionProperty> Of(Type options) => Known.GetOrAdd(options, static type => [.. type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property is { CanRead: true, CanWrite: true, SetMethod.IsPublic: true } && property.GetIndexParameters().Length == 0)
        .OrderBy(property => Depth(property.DeclaringType!))
        .ThenBy(property => property.MetadataToken)
        .Select(property => new OptionProperty(property))]);

    private static int Depth(Type type) => type.BaseType is null ? 0 : 1 + Depth(type.BaseType);
}
