using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using Lae.Composition;

namespace Lae.Host.Configuration;

/// <summary>What a section became.</summary>
/// <param name="Value">The options record or the component.</param>
/// <param name="Resolved">Every key with its value, defaults included, in the form of the configuration file.</param>
internal readonly record struct Bound(object? Value, JsonNode? Resolved);

/// <summary>
/// Makes immutable options records and components from a configuration, strictly: every key must be known, every value must parse and be in range,
/// and every section of a contract must choose a known <c>Type</c>.
/// </summary>
internal sealed class ComponentBinder(ComponentRegistry registry, InputFiles files)
{
    private readonly ResolvedWriter writer = new(registry);

    /// <summary>Binds a whole configuration.</summary>
    /// <typeparam name="T">The root options record.</typeparam>
    /// <param name="root">The merged configuration.</param>
    /// <exception cref="ConfigurationException">Anything is not as it must be.</exception>
    public (T Value, JsonObject Resolved) Bind<T>(ConfigurationNode root)
        where T : class, new()
    {
        JsonObject resolved = [];
        return ((T)Fill(new T(), root, resolved, isComponent: false), resolved);
    }

    private object Fill(object options, ConfigurationNode section, JsonObject resolved, bool isComponent)
    {
        IReadOnlyList<OptionProperty> properties = OptionProperties.Of(options.GetType());
        RefuseUnknownKeys(section, properties, isComponent);
        foreach (OptionProperty property in properties)
        {
            ConfigurationNode? node = section.Find(property.Name);
            object? initial = property.Property.GetValue(options);
            Bound bound = node is not null && !(node.IsEmpty && !ScalarParser.IsScalar(property.ValueType))
                ? BindValue(property, initial, node)
                : property.DefaultType is { } name && registry.IsContract(property.ValueType)
                    ? BindComponent(property.ValueType, ConfigurationNode.Of(section.PathOf(property.Name), name))
                    : new Bound(initial, writer.Write(property.ValueType, initial));
            property.Property.SetValue(options, bound.Value);
            if (PropertyRules.Problem(property, bound.Value, options) is { } problem)
            {
                IReadOnlyList<ComponentDescriptor> known = registry.Of(property.ValueType);
                string hint = bound.Value is null && known.Count > 0 ? $"; a section with \"Type\", one of {Names(known)}" : string.Empty;
                throw new ConfigurationException(node?.Origin?.Name, section.PathOf(property.Name), problem + hint);
            }

            // An explicit null is written only where it overrules a default.
            if (bound.Resolved is not null || (bound.Value is null && initial is not null))
            {
                resolved[property.Name] = bound.Resolved;
            }
        }

        if (options is IValidatableObject validatable)
        {
            ValidationResult? failure = validatable.Validate(new ValidationContext(options)).FirstOrDefault();
            if (failure is not null && failure != ValidationResult.Success)
            {
                string path = failure.MemberNames.FirstOrDefault() is { } member ? section.PathOf(member) : section.Path;
                throw new ConfigurationException(section.Origin?.Name, path, failure.ErrorMessage ?? "not valid");
            }
        }

        return options;
    }

    private static void RefuseUnknownKeys(ConfigurationNode section, IReadOnlyList<OptionProperty> properties, bool isComponent)
    {
        string[] known = [.. isComponent ? [LayerMerge.TypeKey] : Array.Empty<string>(), .. properties.Select(property => property.Name)];
        foreach (ConfigurationNode child in section.Children)
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                string hint = NearestKey.Suggest(child.Key, known);
                throw new ConfigurationException(child.Origin?.Name, child.Path, $"unknown key{(hint.Length > 0 ? hint : $"; known keys: {string.Join(", ", known)}")}");
            }
        }
    }

    private Bound BindValue(OptionProperty property, object? initial, ConfigurationNode node)
    {
        Bound bound = property.ElementType is { } element ? BindArray(element, node, property.InputFile) : BindOne(property.ValueType, initial, node, property.AllowsNull);
        if (property.InputFile is { } input && bound.Value is string path)
        {
            string found = files.Find(node, path, input);
            return new Bound(found, found);
        }

        return bound;
    }

    private Bound BindOne(Type type, object? initial, ConfigurationNode node, bool allowsNull)
    {
        if (ScalarParser.IsScalar(type))
        {
            return BindScalar(type, node, allowsNull);
        }

        if (node.Value is { } value)
        {
            string advice = registry.IsContract(type) ? $": write {node.PathOf(LayerMerge.TypeKey)}" : string.Empty;
            throw new ConfigurationException(node.Origin?.Name, node.Path, $"expected a section, found the value \"{value}\"{advice}");
        }

        if (registry.IsContract(type))
        {
            return BindComponent(type, node);
        }

        if (type.IsInterface || type.IsAbstract)
        {
            throw new ConfigurationException(node.Origin?.Name, node.Path, $"no component of {type.Name} is registered");
        }

        JsonObject resolved = [];
        return new Bound(Fill(CopyOf(initial) ?? Activator.CreateInstance(type)!, node, resolved, isComponent: false), resolved);
    }

    private static Bound BindScalar(Type type, ConfigurationNode node, bool allowsNull)
    {
        if (node.Children.Count > 0)
        {
            throw new ConfigurationException(node.Origin?.Name, node.Path, $"expected {ScalarParser.Describe(type)}, found a section");
        }

        if (node.Value is null)
        {
            return allowsNull ? new Bound(null, null) : throw new ConfigurationException(node.Origin?.Name, node.Path, $"expected {ScalarParser.Describe(type)}, found nothing");
        }

        return ScalarParser.TryParse(type, node.Value, out object value)
            ? new Bound(value, ResolvedWriter.Scalar(value))
            : throw new ConfigurationException(node.Origin?.Name, node.Path, $"expected {ScalarParser.Describe(type)}, found \"{node.Value}\"");
    }

    private Bound BindArray(Type element, ConfigurationNode node, InputFileAttribute? input)
    {
        ConfigurationNode[] items = node.Value is null
            ? [.. node.Children.OrderBy(child => child.Key.Length).ThenBy(child => child.Key, StringComparer.Ordinal)]
            : ArrayText.Split(node);
        Array values = Array.CreateInstance(element, items.Length);
        JsonArray resolved = [];
        for (int i = 0; i < items.Length; i++)
        {
            if (items[i].Key != i.ToString(System.Globalization.CultureInfo.InvariantCulture))
            {
                throw new ConfigurationException(items[i].Origin?.Name, items[i].Path, $"expected the element {i} of an array");
            }

            Bound bound = BindOne(element, null, items[i], allowsNull: false);
            if (input is not null && bound.Value is string path)
            {
                string found = files.Find(items[i], path, input);
                bound = new Bound(found, found);
            }

            values.SetValue(bound.Value, i);
            resolved.Add(bound.Resolved);
        }

        return new Bound(values, resolved);
    }

    private Bound BindComponent(Type contract, ConfigurationNode node)
    {
        IReadOnlyList<ComponentDescriptor> known = registry.Of(contract);
        if (node.Find(LayerMerge.TypeKey) is not { Value: { } name } choice)
        {
            throw new ConfigurationException(node.Origin?.Name, node.Path, $"\"Type\" is missing; known types: {Names(known)}");
        }

        ComponentDescriptor component = registry.Find(contract, name) ?? throw new ConfigurationException(
            choice.Origin?.Name, choice.Path, $"unknown type \"{name}\"{NearestKey.Suggest(name, known.Select(other => other.Name))}; known types: {Names(known)}");
        JsonObject resolved = new() { [LayerMerge.TypeKey] = component.Name };
        object options = Fill(Activator.CreateInstance(component.Options)!, node, resolved, isComponent: true);
        try
        {
            return new Bound(component.Create(options), resolved);
        }
        catch (ArgumentException exception)
        {
            throw new ConfigurationException(node.Origin?.Name, node.Path, exception.Message, exception);
        }
    }

    /// <summary>A record's own copy, so that an initialiser's instance, which may be shared, is never written to.</summary>
    private static object? CopyOf(object? record) => record?.GetType().GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance)?.Invoke(record, null);

    private static string Names(IEnumerable<ComponentDescriptor> components) => string.Join(", ", components.Select(component => component.Name));
}
