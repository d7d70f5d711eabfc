using System.Text.Json.Nodes;
using Lae.Composition;

namespace Lae.Host.Configuration;

/// <summary>Writes values that nobody configured in the form of the configuration file, so that a resolved configuration holds the defaults too.</summary>
internal sealed class ResolvedWriter(ComponentRegistry registry)
{
    /// <summary>A value as JSON; null where it is null, or a component whose options cannot be seen in it.</summary>
    /// <param name="declared">The declared type of the property, not nullable.</param>
    /// <param name="value">The value.</param>
    public JsonNode? Write(Type declared, object? value)
    {
        if (value is null)
        {
            return null;
        }

        if (ScalarParser.IsScalar(value.GetType()))
        {
            return Scalar(value);
        }

        if (value is Array array)
        {
            return new JsonArray([.. array.Cast<object?>().Select(item => Write(declared.GetElementType() ?? typeof(object), item))]);
        }

        if (!registry.IsContract(declared))
        {
            return Fill([], value);
        }

        return registry.WithOptions(declared, value.GetType()) is { } component ? Fill(new JsonObject { [LayerMerge.TypeKey] = component.Name }, value) : null;
    }

    /// <summary>A single value as JSON; an enumeration by name.</summary>
    /// <param name="value">A value for whose type <see cref="ScalarParser.IsScalar"/> holds.</param>
    public static JsonNode Scalar(object value) => value switch
    {
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        ulong number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        _ => JsonValue.Create(value.ToString()!),
    };

    private JsonObject Fill(JsonObject section, object options)
    {
        foreach (OptionProperty property in OptionProperties.Of(options.GetType()))
        {
            if (Write(property.ValueType, property.Property.GetValue(options)) is { } node)
            {
                section[property.Name] = node;
            }
        }

        return section;
    }
}
