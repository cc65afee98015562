{#-
    Where a project that this is a package of has a model of the same name as one of ours,
    dbt takes theirs for ours unless a flag of dbt's says otherwise. Told before any table
    is made of the wrong one.
-#}
{% macro check_names() -%}
    {%- set settings = 'model.customer_analytics.input_settings' -%}
    {%- set theirs = [] -%}
    {%- for node in graph.nodes.values()
        if node.package_name == 'customer_analytics' and node.unique_id != settings -%}
        {%- for id in node.depends_on.nodes
            if id.split('.')[1] != 'customer_analytics' and id not in theirs -%}
            {%- do theirs.append(id) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if theirs -%}
        {{ exceptions.raise_compiler_error(
            theirs | join(', ') ~ " would be read in place of the model of the same name "
            ~ "in customer_analytics. Let each project read its own: set the flag "
            ~ "require_ref_searches_node_package_before_root: true in your dbt_project.yml, or "
            ~ "name your model otherwise"
        ) }}
    {%- endif -%}
{%- endmacro %}
